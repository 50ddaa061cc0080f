"""What a rule, campaign or ladder that is not yet saved would have cost on the shop's own past orders. It writes nothing."""
