"""A merchant's programme: the tenant, its settings, its plan and its API keys."""
