"""Omnisend: events and contacts."""
