"""The Admin GraphQL API: documents, one client, and what its failures mean."""
