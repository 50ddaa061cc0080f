"""Pictures of every page, and what Lighthouse says of them: commands, not tests."""
