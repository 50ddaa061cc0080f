"""Flow trigger "Customer birthday reached"."""
