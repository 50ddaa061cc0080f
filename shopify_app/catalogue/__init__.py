"""The shop's catalogue: what its products are, and which are to be had."""
