"""Shopify Flow: what triggers may carry, and running actions."""
