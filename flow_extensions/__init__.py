"""Shopify Flow: one folder per action and per trigger, its manifest beside its handler or publisher."""
