"""The variables our code builds, coerced by Shopify's own input types."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from graphql import parse
from graphql.execution.values import get_variable_values

from loyalty.rewards.ports import DiscountTerms
from shopify_app.admin_api import documents
from shopify_app.discounts.terms import discount_input, document_for
from shopify_app.metafields.customer import Standing, metafields_for
from tests.contract.test_documents import schema

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def faults(document, variables):
    (operation,) = parse(documents.load(document)).definitions
    result = get_variable_values(schema(), operation.variable_definitions, variables)
    return result if isinstance(result, list) else []


@pytest.mark.parametrize(
    ("kind", "amount"), [("fixed_amount", Decimal("5.000")), ("percentage", Decimal("12.5")), ("free_shipping", None)]
)
@pytest.mark.parametrize("minimum", [None, Decimal("50.000")])
@pytest.mark.parametrize("ends_at", [None, NOW])
def test_a_discounts_input_is_what_shopify_takes(kind, amount, minimum, ends_at):
    terms = DiscountTerms(
        shopify_domain="a.myshopify.com", reference="cr_1", code="ENCORE-1", title="5 off", discount_type=kind,
        amount=amount, minimum_spend=minimum, shopify_customer_id=1, starts_at=NOW, ends_at=ends_at,
        deadline_at=NOW,
    )  # fmt: skip
    document, mutation = document_for(terms)
    assert mutation in documents.load(document)
    assert faults(document, {"discount": discount_input(terms)}) == []


@pytest.mark.parametrize("tier", [None, "Gold"])
def test_a_metafields_input_is_what_shopify_takes(tier):
    standing = Standing(10, 10, 0, tier, "member")
    assert faults("SetMetafields", {"metafields": metafields_for("gid://shopify/Customer/1", standing)}) == []


def test_a_wrong_input_would_be_noticed():
    assert faults("CreateBasicDiscount", {"discount": {"tittle": "x"}})
