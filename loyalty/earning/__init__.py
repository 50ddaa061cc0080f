"""Earning rules, custom actions, their evaluation and the awards that came of them."""
