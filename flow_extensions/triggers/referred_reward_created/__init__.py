"""Flow trigger "Referred reward created"."""
