"""The Admin GraphQL API and the token endpoint: everything a store answers under its own domain."""
