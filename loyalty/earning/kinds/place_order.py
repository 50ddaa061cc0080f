"""Placing an order: points per currency unit, or fixed; what of the order's money counts is said by switches."""

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Choice, Ids, Switch, WholeNumber, Words
from loyalty.earning.purchase import parts

FIELDS = (
    Choice(
        "per",
        "Points are given",
        default="currency_unit",
        choices=(("currency_unit", "Per currency unit"), ("fixed", "Per order")),
    ),
    Choice(
        "when",
        "The order earns when it is",
        default="paid",
        choices=(("paid", "Paid"), ("fulfilled", "Paid and fulfilled")),
    ),
    WholeNumber(
        "minimum_amount",
        "Minimum order",
        "In the shop's currency, of the money that counts. Left empty: none.",
        lowest=1,
    ),
    WholeNumber("cap_points", "Most points per order", "Left empty: no limit.", lowest=1, unit="points"),
    Switch("includes_shipping", "Count shipping", default=False),
    Switch("includes_tax", "Count taxes", default=False),
    Switch("includes_tips", "Count tips", default=False),
    Switch("includes_gift_cards", "Count gift cards that are bought", default=False),
    Switch("before_discounts", "Count the price before discounts", default=False),
    Ids("product_ids", "Only these products", "By Shopify id, separated by commas. Left empty: all.", default=[]),
    Ids("excluded_product_ids", "Without these products", "By Shopify id, separated by commas.", default=[]),
    Words(
        "channels",
        "Only these sales channels",
        "As orders name their source, for example web, pos. Left empty: all.",
        default=[],
    ),
    Switch("first_order_only", "Only a customer's first order", default=False),
)

KINDS = (
    Kind(
        "place_order",
        Category.PURCHASE,
        "Place an order",
        5,
        "cart",
        fields=FIELDS,
        parts=parts,
        how_often="Every order",
    ),
)
