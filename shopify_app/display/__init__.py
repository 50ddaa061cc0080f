"""What customers see of the programme in the shop: the loyalty panel's contents, and what a merchant decides about it."""
