"""Flow trigger "Loyalty points redeemed"."""
