"""Omnisend, version 2026-03-15: what it checks, what it keeps, and how it fails (facts: marketing-platforms.md 3)."""
