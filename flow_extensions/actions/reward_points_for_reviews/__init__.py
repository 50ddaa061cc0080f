"""Flow action "Reward points for reviews"."""
