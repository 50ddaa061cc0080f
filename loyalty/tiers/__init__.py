"""VIP tiers, who is on which, and the arithmetic that decides it."""
