"""Stand-ins for the vendors Encore speaks to, one folder each."""
