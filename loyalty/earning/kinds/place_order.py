"""Placing an order: points per currency unit, or fixed; what of the order's money counts is said by switches."""

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Choice, Ids, Switch, WholeNumber, Words
from loyalty.earning.purchase import parts

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
    WholeNumber(
        "minimum_amount",
        _("Minimum order"),
        _("In the shop's currency, of the money that counts. Left empty: none."),
        lowest=1,
    ),
    WholeNumber("cap_points", _("Most points per order"), _("Left empty: no limit."), lowest=1, unit=_("points")),
    Switch("includes_shipping", _("Count shipping"), default=False),
    Switch("includes_tax", _("Count taxes"), default=False),
    Switch("includes_tips", _("Count tips"), default=False),
    Switch("includes_gift_cards", _("Count gift cards that are bought"), default=False),
    Switch("before_discounts", _("Count the price before discounts"), default=False),
    Ids(
        "product_ids",
        _("Only these products"),
        _(
            "By Shopify id, separated by commas. A line counts that is of a product, a collection or a tag named here. "
            "All three left empty: everything."
        ),
        default=[],
    ),
    Ids(
        "collection_ids",
        _("Only these collections"),
        _(
            "By Shopify id, separated by commas. What a product is in when the order is first judged decides; moving it "
            "later changes nothing."
        ),
        default=[],
        noun="collection",
        most=50,
    ),
    Words(
        "product_tags", _("Only products with these tags"), _("Separated by commas; one of them is enough."), default=[]
    ),
    Ids(
        "excluded_product_ids",
        _("Without these products"),
        _("By Shopify id, separated by commas. They never count."),
        default=[],
    ),
    Ids(
        "excluded_collection_ids",
        _("Without these collections"),
        _("By Shopify id, separated by commas. Their products never count, even where they are named above."),
        default=[],
        noun="collection",
        most=50,
    ),
    Words(
        "excluded_product_tags",
        _("Without products with these tags"),
        _("Separated by commas. Such products never count."),
        default=[],
    ),
    Words(
        "channels",
        _("Only these sales channels"),
        _("As orders name their source, for example web, pos. Left empty: all."),
        default=[],
    ),
    Switch("first_order_only", _("Only a customer's first order"), default=False),
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
