"""Flow trigger "Loyalty points approved"."""
