"""Flow trigger "Loyalty reward used"."""
