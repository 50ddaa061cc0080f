"""Flow action "Approve pending points"."""
