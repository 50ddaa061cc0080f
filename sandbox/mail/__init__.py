"""A mail server that keeps every mail and passes none on."""
