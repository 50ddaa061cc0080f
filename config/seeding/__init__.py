"""Filling shops: what `seed_shop` and `seed_demo` share. Never in production."""
