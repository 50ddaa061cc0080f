"""The variables our code builds, coerced by Shopify's own input types."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from graphql import parse
from graphql.execution.values import get_variable_values

from loyalty.rewards.countries import NAMES
from loyalty.rewards.ports import CreditTerms, DiscountTerms
from shopify_app.admin_api import documents
from shopify_app.discounts.terms import discount_input, document_for
from shopify_app.metafields.customer import Marks, Standing
from shopify_app.metafields.fields import settings_of
from shopify_app.store_credit.account import credit_input
from tests.contract.test_documents import schema

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def faults(document, variables):
    (operation,) = parse(documents.load(document)).definitions
    result = get_variable_values(schema(), operation.variable_definitions, variables)
    return result if isinstance(result, list) else []


GIFT = {"discount_type": "free_product", "amount": None, "variant_gids": ("gid://shopify/ProductVariant/1",)}
KINDS = {
    "amount": {"discount_type": "fixed_amount", "amount": Decimal("5.000")},
    "percent": {"discount_type": "percentage", "amount": Decimal("12.5")},
    "shipping": {"discount_type": "free_shipping", "amount": None},
    "shipping up to": {"discount_type": "free_shipping", "amount": None, "maximum_shipping": Decimal("7.5")},
    "shipping to": {"discount_type": "free_shipping", "amount": None, "countries": ("DE", "AT"), "rest_of_world": True},
    "gift": GIFT,
    "counted gift": {**GIFT, "quantity": 2},
}
ITEMS = {"all": (), "products": ("gid://shopify/Product/1",), "collections": ("gid://shopify/Collection/1",)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("items", ITEMS)
@pytest.mark.parametrize("minimum", [None, Decimal("50.000")])
@pytest.mark.parametrize("ends_at", [None, NOW])
@pytest.mark.parametrize(
    ("combines", "purchases"), [(set(), "one_time"), ({"product", "order"}, "subscription"), ({"shipping"}, "both")]
)
def test_a_discounts_input_is_what_shopify_takes(kind, items, minimum, ends_at, combines, purchases):
    terms = DiscountTerms(
        shopify_domain="a.myshopify.com", reference="cr_1", code="ENCORE-1", title="5 off", minimum_spend=minimum,
        shopify_customer_id=1, starts_at=NOW, ends_at=ends_at, deadline_at=NOW, applies_to=items,
        applies_to_gids=ITEMS[items], combines_with=frozenset(combines), purchase_type=purchases, **KINDS[kind],
    )  # fmt: skip
    document, mutation = document_for(terms)
    assert mutation in documents.load(document)
    assert faults(document, {"discount": discount_input(terms)}) == []


@pytest.mark.parametrize("expires_at", [None, NOW])
@pytest.mark.parametrize(("amount", "currency"), [("5.00", "USD"), ("500", "JPY"), ("1.250", "KWD")])
def test_a_store_credits_input_is_what_shopify_takes(amount, currency, expires_at):
    terms = CreditTerms("a.myshopify.com", 1, Decimal(amount), currency, expires_at, NOW)
    assert faults("CreditStoreCredit", {"id": "gid://shopify/Customer/1", "credit": credit_input(terms)}) == []


@pytest.mark.parametrize("tier", [None, "Gold"])
@pytest.mark.parametrize("birthday", [None, NOW.date()])
def test_a_metafields_input_is_what_shopify_takes(tier, birthday):
    fields = Marks(Standing(10, 10, 0, tier, "member"), birthday=birthday, has_mage=True).fields()
    assert faults("SetMetafields", {"metafields": settings_of("gid://shopify/Customer/1", fields)}) == []


def test_the_countries_are_those_that_shopify_knows():
    assert set(NAMES) == set(schema().type_map["CountryCode"].values) - {"ZZ"}  # ZZ is no country


def test_a_wrong_input_would_be_noticed():
    assert faults("CreateBasicDiscount", {"discount": {"tittle": "x"}})
