"""Accounts, entries, lots, consumptions and holds: the only code that moves points."""
