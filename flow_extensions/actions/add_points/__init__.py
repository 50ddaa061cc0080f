"""Flow action "Add points"."""
