"""Each field of a rule for orders, alone: two shops differ in it, and a member's balance tells them apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from loyalty.earning.kinds import KINDS
from loyalty.orders.facts import LineFacts
from loyalty.orders.products import ProductFacts
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import ORDER, heard, order, told
from tests.operations.loyalty.test_worked_examples import LONG_AGO

pytestmark = pytest.mark.django_db

LINES = (
    LineFacts(1, 11, 111, 2, 4000, tax_minor=400, discount_minor=1000),
    LineFacts(2, 22, 222, 1, 1000, tax_minor=100),
    LineFacts(3, None, None, 1, 2500, is_gift_card=True),
)
PRODUCTS = {11: ProductFacts(frozenset({"tea"}), frozenset({5})), 22: ProductFacts(frozenset({"sale"}), frozenset({6}))}
FACTS = {"shipping_minor": 700, "tax_minor": 570, "tips_minor": 300, "source_name": "web", "discount_codes": []}
USUAL = 250  # 5 points for each of the 50 dollars of the two lines that are no gift cards
FIELDS: dict[str, tuple[Any, int]] = {
    "per": ("fixed", 5),
    "when": ("fulfilled", 0),
    "minimum_amount": (51, 0),
    "cap_points": (120, 120),
    "includes_shipping": (True, 285),
    "includes_tax": (True, 275),
    "includes_tips": (True, 265),
    "includes_gift_cards": (True, 375),
    "before_discounts": (True, 300),
    "product_ids": ([22], 50),
    "excluded_product_ids": ([22], 200),
    "collection_ids": ([6], 50),
    "excluded_collection_ids": ([6], 200),
    "product_tags": (["SALE"], 50),
    "excluded_product_tags": (["Sale"], 200),
    "channels": (["pos"], 0),
    "first_order_only": (True, 0),
}


def balance(**terms: Any) -> int:
    """What a member has after an order, a small earlier one of theirs being known."""
    shop = AShop.new()
    with shop.scope():
        member = shop.member()
        heard(shop, order(ORDER, 100, at=LONG_AGO + timedelta(days=1)))
        wanted = {"now": LONG_AGO + timedelta(days=2), "frequency": "unlimited", **terms}
        shop.rule("place_order", wanted.pop("points", 5), **wanted)
        told(shop, ORDER + 1, PRODUCTS)
        heard(shop, order(ORDER + 1, 9070, lines=LINES, facts=FACTS))
        shop.assert_sound()
        return shop.balances(member, NOW).available


def test_every_field_there_is_has_its_test():
    assert set(FIELDS) == {field.name for field in KINDS["place_order"].fields}


def test_without_any_the_lines_earn():
    assert balance() == USUAL


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_field_alone_changes_the_balance(field):
    value, expected = FIELDS[field]
    assert balance(options={field: value}) == expected != USUAL


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"points": 7}, 350),
        ({"approval_days": 14}, 0),
        ({"is_active": False}, 0),
        ({"now": NOW + timedelta(days=1)}, 0),  # switched on after the order
    ],
    ids=str,
)
def test_what_every_rule_has_changes_it_too(terms, expected):
    assert balance(**terms) == expected
