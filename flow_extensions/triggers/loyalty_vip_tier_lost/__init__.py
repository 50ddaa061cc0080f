"""Flow trigger "Loyalty VIP tier lost"."""
