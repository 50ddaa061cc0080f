"""What points buy: rewards, redemptions and the saga that issues a discount code."""
