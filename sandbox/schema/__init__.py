"""Shopify's published Admin GraphQL schema, trimmed to what the sandbox answers."""
