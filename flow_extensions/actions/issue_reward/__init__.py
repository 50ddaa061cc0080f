"""Flow action "Issue reward"."""
