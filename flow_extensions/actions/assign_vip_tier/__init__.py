"""Flow action "Assign VIP tier"."""
