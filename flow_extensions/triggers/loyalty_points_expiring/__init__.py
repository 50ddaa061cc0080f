"""Flow trigger "Loyalty points expiry approached"."""
