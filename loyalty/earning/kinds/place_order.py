"""Placing an order: points per currency unit, or fixed; what of the order's money counts is said by switches."""

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Choice, Ids, Switch, WholeNumber, Words
from loyalty.earning.purchase import parts

BY_ID = "By Shopify id, separated by commas."
ANY_OF_THREE = "A line counts that is of a product, a collection or a tag named here. All three left empty: everything."
ASKED = "What a product is in when the order is first judged decides; moving it later changes nothing."
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
    Ids("product_ids", "Only these products", f"{BY_ID} {ANY_OF_THREE}", default=[]),
    Ids("collection_ids", "Only these collections", f"{BY_ID} {ASKED}", default=[], noun="collection", most=50),
    Words("product_tags", "Only products with these tags", "Separated by commas; one of them is enough.", default=[]),
    Ids("excluded_product_ids", "Without these products", f"{BY_ID} They never count.", default=[]),
    Ids(
        "excluded_collection_ids",
        "Without these collections",
        f"{BY_ID} Their products never count, even where they are named above.",
        default=[],
        noun="collection",
        most=50,
    ),
    Words(
        "excluded_product_tags",
        "Without products with these tags",
        "Separated by commas. Such products never count.",
        default=[],
    ),
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
