"""Klaviyo, revision 2026-10-15: what it checks, what it keeps, and how it fails (facts: marketing-platforms.md 2)."""
