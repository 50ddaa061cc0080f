"""Imports: members, balances, tiers, birthdays and history from a file, shown before it is done, and taken back after."""
