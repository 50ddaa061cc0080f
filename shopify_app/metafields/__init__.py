"""The customer metafields that show a balance in a theme without a request."""
