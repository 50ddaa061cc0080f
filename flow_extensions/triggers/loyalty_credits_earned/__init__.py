"""Flow trigger "Loyalty credits earned"."""
