"""Merchants' own webhook subscriptions."""
