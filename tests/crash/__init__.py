"""What stays true when processes are killed."""
