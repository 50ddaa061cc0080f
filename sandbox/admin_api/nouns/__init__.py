"""Resolvers, one file per noun. Each gives plain dictionaries shaped like the GraphQL types; callables take arguments."""
