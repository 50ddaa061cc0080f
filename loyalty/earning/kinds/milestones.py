"""Milestones: points once, for the order or the spending that reaches a figure."""

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import WholeNumber

ORDERS = WholeNumber("orders", "Number of orders", "Paid, and not given back.", default=5, lowest=1, highest=10_000)
SPENT = WholeNumber(
    "spent", "Amount spent", "In the shop's currency, refunds taken off.", default=500, lowest=1, highest=100_000_000
)

KINDS = (
    Kind("order_milestone", Category.PURCHASE, "Reach a number of orders", 250, "star", (ORDERS,), how_often="Once"),
    Kind("spend_milestone", Category.PURCHASE, "Spend an amount", 250, "star", (SPENT,), how_often="Once"),
)
