"""Answers kept under a caller's key where no ledger row can carry them."""
