"""Resolvers, one file per noun: plain dictionaries shaped like the GraphQL types; callables take arguments."""
