"""Attentive, API v1: what it checks, what it keeps, and how it fails (facts: marketing-platforms.md 10)."""
