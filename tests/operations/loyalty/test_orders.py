"""Orders and refunds are written down the same, in whatever order and however often they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.orders.models import Order, Refund
from loyalty.orders.operations import forget_customer, record_order, record_refund
from loyalty.orders.queries import figures_of
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import ORDER, heard, order, refund

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
STORY = (
    order(paid_at=None),
    order(shopify_updated_at=NOW, facts={"tags": ["b"]}),  # of the same second
    order(shopify_updated_at=NOW + HOUR, name="#1001-A", fulfilled_at=NOW + HOUR, customer=None),
    order(shopify_updated_at=NOW + 2 * HOUR, current_total_minor=5000),
    order(shopify_updated_at=NOW + 3 * HOUR, cancelled_at=NOW + 3 * HOUR, customer=7002, current_total_minor=4000),
    refund("r1", 2000),
    refund("r1", 2500),  # more of it has gone through
    refund("r2", 3000),
    refund("r3", 2000, is_money=False),
)


def rows(shop: AShop) -> list[object]:
    return [
        *Order.objects.order_by("pk").values_list(
            "shopify_order_id", "member__shopify_customer_id", "shopify_customer_id", "name", "total_minor", "refunded_minor",
            "lines", "facts", "placed_at", "paid_at", "fulfilled_at", "cancelled_at", "shopify_updated_at",
        ),
        *Refund.objects.order_by("reference").values_list("reference", "kind", "amount_minor", "refunded_at"),
    ]  # fmt: skip


def tell(shop: AShop, story) -> list[object]:
    for told in story:
        record = record_refund if hasattr(told, "reference") else record_order
        record(program=shop.program, told=told, now=NOW)
    return rows(shop)


class TestAnyOrderOfDeliveries:
    def test_ends_in_the_same_rows(self, shop):
        shop.member(7001), shop.member(7002)

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=4))
        def check(story, again):
            savepoint = transaction.savepoint()
            assert tell(shop, [*again, *story, *again]) == expected
            transaction.savepoint_rollback(savepoint)

        savepoint = transaction.savepoint()
        expected = tell(shop, STORY)
        transaction.savepoint_rollback(savepoint)
        check()
        (order_id, member, customer, name, total, given_back, *_), *refunds = expected
        assert (order_id, member, customer, name) == (ORDER, 7002, 7002, "#1001")
        assert (total, given_back, len(refunds)) == (10000, 6000, 3)


class TestAnOrder:
    def test_keeps_the_total_it_was_placed_with(self, shop):
        heard(shop, order(total=10000), order(total=12000, shopify_updated_at=NOW + HOUR))
        assert Order.objects.get().total_minor == 10000

    def test_counts_for_its_member_less_what_was_given_back(self, shop):
        member = shop.member(7001)
        heard(shop, order(), order(ORDER + 1, 5000), refund("r1", 2000))
        figures = figures_of(member_id=member.pk)
        assert (figures.spent_minor, figures.orders) == (13000, 2)
        heard(shop, refund("r2", 8000))
        figures = figures_of(member_id=member.pk)
        assert (figures.spent_minor, figures.orders) == (5000, 1)

    def test_of_a_guest_belongs_to_nobody(self, shop):
        heard(shop, order(customer=None), order(ORDER + 1, customer=7009))
        assert list(Order.objects.values_list("member", flat=True)) == [None, None]

    def test_forgets_whose_it_was_and_keeps_its_figures(self, shop):
        shop.member(7001)
        heard(shop, order(facts={"tags": ["for Ada"], "discount_codes": []}), refund("r1", 2000))
        assert [forget_customer(shopify_customer_id=7001) for _ in range(2)] == [1, 0]
        row = Order.objects.get()
        assert (row.shopify_customer_id, row.facts["tags"]) == (None, [])
        assert (row.total_minor, row.refunded_minor) == (10000, 2000)

    def test_whose_customer_is_gone_belongs_to_nobody(self, shop):
        shop.member(7001)
        heard(shop, order(), order(shopify_updated_at=NOW + HOUR, customer=None))
        assert Order.objects.get().member is None


class TestARefund:
    def test_may_be_heard_of_before_its_order(self, shop):
        assert heard(shop, refund("r1", 2000)) is None
        heard(shop, order())
        assert Order.objects.get().refunded_minor == 2000

    def test_counts_once_however_often_it_is_told(self, shop):
        heard(shop, order(), *[refund("r1", 2000)] * 3)
        assert (Refund.objects.count(), Order.objects.get().refunded_minor) == (1, 2000)

    def test_of_an_edit_counts_once_with_the_money_that_follows_it(self, shop):
        edited = order(shopify_updated_at=NOW + HOUR, current_total_minor=8000)
        heard(shop, order(), refund("r1", 2000, is_money=False), edited, refund("r2", 2000))
        assert Order.objects.get().refunded_minor == 2000
