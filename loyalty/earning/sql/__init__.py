"""SQL of earning: one function that awards in one round trip."""
