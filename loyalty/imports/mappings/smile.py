"""Smile. Its documented file for points has `email` and `points`; its API's customer has `points_balance`, `date_of_birth`
(the year 1004 where only day and month are known) and `vip_tier`. Unverified: the other headers of its customer export.
"""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="smile",
    label="Smile",
    words={"points": ("pointsbalance",), "tier": ("viptier",), "birthday": ("dateofbirth",)},
)
