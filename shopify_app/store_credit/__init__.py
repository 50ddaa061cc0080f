"""Store credit accounts in Shopify: the implementation of the port that rewards declare."""
