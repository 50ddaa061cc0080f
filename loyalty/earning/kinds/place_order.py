"""Placing an order: points per currency unit, or fixed; what of the order's money counts is said by switches."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Choice, Ids, Switch, WholeNumber, Words
from loyalty.earning.purchase import parts

COUNTS = _("What of an order counts")
PRODUCTS = _("Which products count")
ORDERS = _("Which orders earn")

FIELDS = (
    Choice(
        "per",
        _("Points are given"),
        default="currency_unit",
        choices=(("currency_unit", _("Per currency unit")), ("fixed", _("Per order"))),
    ),
    Choice(
        "when",
        _("The order earns when it is"),
        default="paid",
        choices=(("paid", _("Paid")), ("fulfilled", _("Paid and fulfilled"))),
    ),
    WholeNumber("cap_points", _("Most points per order"), _("Left empty: no limit."), lowest=1, unit=_("points")),
    WholeNumber(
        "minimum_amount",
        _("Minimum order"),
        _("In the shop's currency, of the money that counts. Left empty: none."),
        lowest=1,
        group=ORDERS,
    ),
    Switch("first_order_only", _("Only a customer's first order"), default=False, group=ORDERS),
    Words(
        "channels",
        _("Only these sales channels"),
        _("As orders name their source, for example web, pos. Left empty: all."),
        default=[],
        group=ORDERS,
    ),
    Switch("includes_shipping", _("Count shipping"), default=False, group=COUNTS),
    Switch("includes_tax", _("Count taxes"), default=False, group=COUNTS),
    Switch("includes_tips", _("Count tips"), default=False, group=COUNTS),
    Switch("includes_gift_cards", _("Count gift cards that are bought"), default=False, group=COUNTS),
    Switch("before_discounts", _("Count the price before discounts"), default=False, group=COUNTS),
    Ids(
        "product_ids",
        _("Only these products"),
        _(
            "By Shopify id, separated by commas. A line counts that is of a product, a collection or a tag named here. "
            "All three left empty: everything."
        ),
        default=[],
        group=PRODUCTS,
    ),
    Ids(
        "collection_ids",
        _("Only these collections"),
        _(
            "By Shopify id, separated by commas. What a product is in when the order is first judged decides; moving it "
            "later changes nothing."
        ),
        default=[],
        group=PRODUCTS,
        noun="collection",
        most=50,
    ),
    Words(
        "product_tags",
        _("Only products with these tags"),
        _("Separated by commas; one of them is enough."),
        default=[],
        group=PRODUCTS,
    ),
    Ids(
        "excluded_product_ids",
        _("Without these products"),
        _("By Shopify id, separated by commas. They never count."),
        default=[],
        group=PRODUCTS,
    ),
    Ids(
        "excluded_collection_ids",
        _("Without these collections"),
        _("By Shopify id, separated by commas. Their products never count, even where they are named above."),
        default=[],
        group=PRODUCTS,
        noun="collection",
        most=50,
    ),
    Words(
        "excluded_product_tags",
        _("Without products with these tags"),
        _("Separated by commas. Such products never count."),
        default=[],
        group=PRODUCTS,
    ),
)

KINDS = (
    Kind(
        "place_order",
        Category.PURCHASE,
        _("Place an order"),
        5,
        "cart",
        fields=FIELDS,
        parts=parts,
        how_often=_("Every order"),
    ),
)
