"""Triggers that start a Flow workflow: one folder each, with its manifest and its publisher."""
