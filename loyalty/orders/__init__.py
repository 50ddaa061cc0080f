"""Orders of the shop as the programme needs them: what was sold, paid, given back, and to whom."""
