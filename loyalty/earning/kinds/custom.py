"""Custom actions: something outside Shopify happened, told over REST or Flow by the action's key."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Switch, WholeNumber
from loyalty.points import MAX_POINTS

FIELDS = (
    Switch(
        "caller_sets_points",
        _("The caller may set the points"),
        _("Only with an API key that may. Whoever holds such a key decides how many points are given."),
        default=False,
        group=_("Points set by the caller"),
    ),
    WholeNumber(
        "most_points",
        _("At most"),
        _("In one call, before tier and campaign multiply."),
        default=1000,
        lowest=1,
        highest=MAX_POINTS,
        unit=_("points"),
        group=_("Points set by the caller"),
        shown_when="caller_sets_points=on",
    ),
)
KINDS = (Kind("custom", Category.CUSTOM, _("Custom action"), 100, "code", fields=FIELDS),)
