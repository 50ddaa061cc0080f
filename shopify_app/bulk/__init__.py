"""Queries that Shopify runs in the background over all there is, and the files it leaves of them."""
