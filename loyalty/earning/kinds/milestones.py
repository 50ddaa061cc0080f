"""Milestones: points once, for the order or the spending that reaches a figure."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import WholeNumber

ORDERS = WholeNumber(
    "orders", _("Number of orders"), _("Paid, and not given back."), default=5, lowest=1, highest=10_000
)
SPENT = WholeNumber(
    "spent",
    _("Amount spent"),
    _("In the shop's currency, refunds taken off."),
    default=500,
    lowest=1,
    highest=100_000_000,
)

KINDS = (
    Kind(
        "order_milestone", Category.PURCHASE, _("Reach a number of orders"), 250, "star", (ORDERS,), how_often=_("Once")
    ),
    Kind("spend_milestone", Category.PURCHASE, _("Spend an amount"), 250, "star", (SPENT,), how_often=_("Once")),
)
