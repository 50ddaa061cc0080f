"""Appstle Loyalty. Unverified: no export is published; these are the names of its Flow properties (`availablePoints`,
`creditedPoints`, `currentVipTier`, `dob`; programme rules, section 12.1).
"""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="appstle",
    label="Appstle Loyalty",
    words={
        "points": ("availablepoints", "pointbalance"),
        "lifetime": ("creditedpoints", "totalpoints"),
        "tier": ("currentviptier",),
        "birthday": ("dob",),
    },
)
