"""LoyaltyLion. Its help documents files of e-mail address and points, birthday or tier, in this order of columns, and no
headers. Unverified: the headers of its customer export; `merchant_id` is the shop's customer id in its API.
"""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="loyaltylion",
    label="LoyaltyLion",
    words={
        "shopify_customer_id": ("merchantid",),
        "points": ("pointsapproved", "approvedpoints"),
        "lifetime": ("pointsearned",),
        "tier": ("loyaltytier",),
    },
)
