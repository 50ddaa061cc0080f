"""Flow action "Award custom action"."""
