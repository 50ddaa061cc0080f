"""Discount codes in Shopify: the implementation of the port that rewards declare."""
