"""Yotpo Loyalty. Its documented file: Full Name, First Name, Last Name, Email, Points Balance, Points Spent, Birthday (MM/DD)
or (MM/DD/YYYY); a shorter one has Emails and Points.
"""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="yotpo",
    label="Yotpo Loyalty",
    words={
        "points": ("pointsbalance", "currentpointsbalance"),
        "lifetime": ("totalpointsearned",),
        "birthday": ("birthdaymmddormmddyyyy", "birthdaymmddyyyy", "birthdaymmdd"),
        "tier": ("viptier",),
    },
    dates="mdy",
)
