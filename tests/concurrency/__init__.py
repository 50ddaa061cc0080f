"""Races: threads on real locks."""
