"""Shops: who installed Encore, and the tokens that open their Admin API."""
