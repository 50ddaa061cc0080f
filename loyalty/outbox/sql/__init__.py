"""SQL of the outbox, installed by its migrations."""
