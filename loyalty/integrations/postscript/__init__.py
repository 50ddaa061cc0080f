"""Postscript: events and subscribers' properties."""
