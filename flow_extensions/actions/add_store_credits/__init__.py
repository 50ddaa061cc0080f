"""Flow action "Add store credits"."""
