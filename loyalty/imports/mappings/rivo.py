"""Rivo. Its documented file: Email, Points Balance, Birthdate, VIP Tier, Activation Date, Credits Balance.

Credits are store credit and are not imported; nor is the day on which the account was enabled.
"""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="rivo",
    label="Rivo",
    words={"points": ("pointsbalance",), "tier": ("viptier",), "birthday": ("birthdate",)},
)
