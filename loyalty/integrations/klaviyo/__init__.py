"""Klaviyo: events and profiles."""
