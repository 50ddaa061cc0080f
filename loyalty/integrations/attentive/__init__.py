"""Attentive: custom events and custom attributes."""
