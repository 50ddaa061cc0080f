"""Shopify in a box: a stand-in store, admin and Flow that speaks real HTTP with Encore.

A process of its own (`python -m sandbox`). It imports nothing of Encore, and nothing of Encore imports it; what it
knows of the app it reads as data, from `shopify.app.toml` and the Flow manifests.
"""
