"""What Shopify Flow calls beside actions: one folder each, with its manifest and its endpoint."""
