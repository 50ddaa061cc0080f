"""Flow trigger "Loyalty VIP tier achieved"."""
