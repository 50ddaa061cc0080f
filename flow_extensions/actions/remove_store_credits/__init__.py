"""Flow action "Remove store credits"."""
