"""Actions Shopify Flow calls: one folder each, with its manifest and its handler."""
