"""Flow trigger "Loyalty points earned"."""
