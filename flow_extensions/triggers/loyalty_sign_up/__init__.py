"""Flow trigger "Loyalty sign up"."""
