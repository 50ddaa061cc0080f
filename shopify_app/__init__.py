"""Everything that is Shopify: its API, its shops, its signatures, its webhooks and the pages inside its admin."""
