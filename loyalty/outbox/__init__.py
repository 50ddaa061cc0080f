"""Events written with the change they tell of, and their deliveries."""
