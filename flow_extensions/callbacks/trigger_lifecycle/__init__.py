"""Flow's lifecycle callback: a workflow that begins with one of our triggers was switched on or off."""
