"""Webhooks from Shopify: verify, store, answer 200, work later."""
