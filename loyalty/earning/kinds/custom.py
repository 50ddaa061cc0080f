"""Custom actions: something outside Shopify happened, told over REST or Flow by the action's key."""

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Switch, WholeNumber
from loyalty.points import MAX_POINTS

FIELDS = (
    Switch(
        "caller_sets_points",
        "The caller may set the points",
        "Only with an API key that may. Whoever holds such a key decides how many points are given.",
        default=False,
        group="Points set by the caller",
    ),
    WholeNumber(
        "most_points",
        "At most",
        "In one call, before tier and campaign multiply.",
        default=1000,
        lowest=1,
        highest=MAX_POINTS,
        unit="points",
        group="Points set by the caller",
        shown_when="caller_sets_points=on",
    ),
)
KINDS = (Kind("custom", Category.CUSTOM, "Custom action", 100, "code", fields=FIELDS),)
