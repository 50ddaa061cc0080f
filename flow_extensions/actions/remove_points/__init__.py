"""Flow action "Remove points"."""
