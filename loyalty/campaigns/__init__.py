"""Dated modifiers of earning rules, and nothing else."""
