"""Which of an order's money earns: for each option an order in which only that option differs."""

from decimal import Decimal

import pytest

from loyalty.earning.evaluation import Part
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import clean_options
from loyalty.earning.purchase import NOTHING, Purchase, counted, needs_of, parts
from loyalty.errors import InvalidField
from loyalty.orders.products import Needs


def line(product_id: int, amount_minor: int, tax_minor: int, discount_minor: int = 0, *, gift: bool = False) -> dict:
    money = {"amount_minor": amount_minor, "tax_minor": tax_minor, "discount_minor": discount_minor}
    return {"line_id": product_id, "product_id": product_id, "quantity": 1, "is_gift_card": gift, **money}


LINES = [line(11, 4000, 400, 1000), line(22, 999, 100), line(33, 2500, 0, gift=True)]
FACTS = {"shipping_minor": 700, "tax_minor": 570, "tips_minor": 300, "source_name": "web"}
PRODUCTS = {
    "11": {"tags": ["Tea"], "collections": {"5": True, "6": False}},
    "22": {"tags": ["Sale", "tea"], "collections": {"5": False, "6": True}},
    "33": {"tags": [], "collections": {"5": False, "6": False}},
}
ORDER = Purchase(currency="USD", lines=LINES, facts=FACTS, products=PRODUCTS)


def amount(**options):
    return sum((each.amount for each in counted(ORDER, options)), Decimal(0))


class TestTheMoneyThatCounts:
    def test_is_lines_after_discounts_without_anything_else(self):
        assert amount() == Decimal("49.99")

    @pytest.mark.parametrize(
        ("option", "expected"),
        [
            ({"includes_shipping": True}, "56.99"),
            ({"includes_tax": True}, "54.99"),
            ({"includes_tax": True, "includes_shipping": True}, "62.69"),
            ({"includes_tips": True}, "52.99"),
            ({"includes_gift_cards": True}, "74.99"),
            ({"before_discounts": True}, "59.99"),
            ({"product_ids": [22]}, "9.99"),
            ({"product_ids": [22], "includes_shipping": True}, "9.99"),
            ({"excluded_product_ids": [11]}, "9.99"),
            ({"channels": ["WEB"]}, "49.99"),
            ({"channels": ["pos"]}, "0"),
            ({"minimum_amount": 49}, "49.99"),
            ({"minimum_amount": 50}, "0"),
            ({"first_order_only": True}, "0"),
            ({"product_ids": [99]}, "0"),
            ({"collection_ids": [6]}, "9.99"),
            ({"collection_ids": [5, 6]}, "49.99"),
            ({"collection_ids": [6], "includes_shipping": True}, "9.99"),
            ({"product_tags": ["SALE"]}, "9.99"),
            ({"product_tags": ["sale"], "product_ids": [11]}, "49.99"),
            ({"excluded_collection_ids": [6]}, "40.00"),
            ({"excluded_product_tags": ["sale"]}, "40.00"),
            ({"product_tags": ["tea"], "excluded_collection_ids": [5]}, "9.99"),
            ({"product_ids": [11, 22], "excluded_product_tags": ["TEA"]}, "0"),
        ],
        ids=str,
    )
    def test_follows_each_option(self, option, expected):
        assert amount(**option) == Decimal(expected)

    def test_a_first_order_counts_where_only_first_orders_do(self):
        first = Purchase(currency="USD", lines=LINES, facts=FACTS, is_first=True)
        assert counted(first, {"first_order_only": True}) != ()

    def test_shipping_alone_is_no_purchase(self):
        assert counted(Purchase(currency="USD", lines=[], facts=FACTS), {"includes_shipping": True}) == ()

    @pytest.mark.parametrize(("currency", "expected"), [("JPY", "4999"), ("USD", "49.99"), ("KWD", "4.999")])
    def test_is_in_units_of_the_currency_however_many_decimals_it_has(self, currency, expected):
        order = Purchase(currency=currency, lines=LINES, facts=FACTS)
        assert sum(each.amount for each in counted(order, {})) == Decimal(expected)


class TestTheBase:
    def test_is_exact_per_line_for_campaigns_to_single_out(self):
        assert parts(2, {}, ORDER) == (
            Part(Decimal("80.00"), 11, frozenset({5}), frozenset({"Tea"})),
            Part(Decimal("19.98"), 22, frozenset({6}), frozenset({"Sale", "tea"})),
        )

    def test_of_a_line_made_by_hand_is_of_no_product(self):
        made = {**line(0, 500, 0), "product_id": None}
        order = Purchase(currency="USD", lines=[made], products=PRODUCTS)
        assert parts(1, {}, order) == (Part(Decimal("5.00")),)
        assert parts(1, {"product_tags": ["tea"]}, order) == NOTHING

    def test_is_the_rules_points_when_fixed(self):
        assert [each.base for each in parts(150, {"per": "fixed"}, ORDER)] == [Decimal(150)]

    def test_is_nothing_when_the_order_is_not_eligible(self):
        assert parts(150, {"per": "fixed", "minimum_amount": 1000}, ORDER) == NOTHING


class TestTheKind:
    def test_declares_every_option_it_reads(self):
        given = {
            "per": "fixed", "when": "fulfilled", "minimum_amount": "20", "cap_points": 500, "includes_shipping": True,
            "includes_tax": True, "includes_tips": True, "includes_gift_cards": True, "before_discounts": True,
            "product_ids": "1, 2", "excluded_product_ids": "gid://shopify/Product/3", "channels": "web,pos",
            "first_order_only": True, "collection_ids": "gid://shopify/Collection/5", "excluded_collection_ids": [6],
            "product_tags": "tea", "excluded_product_tags": "sale",
        }  # fmt: skip
        cleaned = clean_options(KINDS["place_order"].fields, given)
        assert set(cleaned) == set(given) == {field.name for field in KINDS["place_order"].fields}
        assert (cleaned["product_ids"], cleaned["minimum_amount"]) == ([1, 2], 20)

    def test_refuses_another_word(self):
        with pytest.raises(InvalidField):
            clean_options(KINDS["place_order"].fields, {"when": "shipped"})


class TestWhatARuleHasToKnow:
    @pytest.mark.parametrize(
        ("options", "needs"),
        [
            ({}, Needs()),
            ({"product_ids": [1], "excluded_product_ids": [2]}, Needs()),
            ({"collection_ids": [5], "excluded_collection_ids": [6]}, Needs(frozenset({5, 6}))),
            ({"product_tags": ["tea"]}, Needs(tags=True)),
            ({"excluded_product_tags": ["tea"]}, Needs(tags=True)),
        ],
        ids=str,
    )
    def test_is_what_it_names_and_no_more(self, options, needs):
        assert needs_of(options) == needs
