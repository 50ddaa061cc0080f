"""At night the shop is asked what has changed: orders and refunds whose webhooks never came are made up for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from loyalty.members.queries import member
from loyalty.orders.models import Order, Refund
from loyalty.orders.operations import record_order
from shopify_app.admin_api.deadline import Deadline
from shopify_app.bulk import operations as bulk
from shopify_app.bulk.results import Found, objects
from shopify_app.orders.amounts import several
from shopify_app.orders.order_answer import payload_of
from shopify_app.orders.order_payload import order_from
from shopify_app.orders.reconcile import LOOKED_BACK
from shopify_app.orders.refund_payload import refund_from
from shopify_app.shops.models import Shop
from tests.a_night import Night
from tests.a_shop import AShop
from tests.sandbox_client import Sandbox

pytestmark = pytest.mark.django_db

LINES = [
    {"product_id": 11, "variant_id": 111, "price": "25.00", "quantity": 2, "discount": "10.00", "tax": "4.00"},
    {"price": "20.00", "gift_card": True},
]


@pytest.fixture
def shop(installed_shop: Shop) -> Iterator[AShop]:
    """5 points per dollar, and member 7001."""
    made = AShop(installed_shop.program)
    with made.scope():
        made.rule("place_order", 5, now=timezone.now() - timedelta(days=9), frequency="unlimited")
        made.member(7001, now=timezone.now())
        yield made
        made.assert_sound()


@pytest.fixture
def night(shop: AShop, sandbox: Sandbox) -> Night:
    return Night(shop, sandbox)


def place(night: Night, **given: Any) -> dict[str, Any]:
    """An order whose webhooks reach nobody."""
    body = {"customer_id": "7001", "lines": LINES, "shipping": "6.00", "tags": ["vip"], "paid": True, **given}
    made: dict[str, Any] = night.sandbox.call("POST", f"stores/{night.domain}/orders", body)
    return made


def happens(night: Night, order: dict[str, Any], verb: str, **given: Any) -> None:
    night.sandbox.call("POST", f"stores/{night.domain}/orders/{order['id']}/{verb}", given)


def collected(night: Night, shop: Shop) -> list[Found]:
    """What the shop collects of its orders."""
    number = night.begins()
    night.becomes(number, status="COMPLETED")
    operation = bulk.look(shop, number)
    assert operation is not None
    assert operation.url is not None
    return list(objects(operation.url, start=0, size=operation.size, deadline=Deadline.after(30)))


def the_next(night: Night) -> Night:
    return Night(night.shop, night.sandbox, now=timezone.now() + timedelta(days=1))


def points(shop: AShop) -> int:
    return shop.balances(member(identifier="7001"), timezone.now()).available


class TestAMissedOrder:
    def test_is_taken_in_and_earns_once(self, shop, night):
        place(night)
        assert night.passes() == {"orders": 1, "taken_in": 1, "failed": 0}
        assert the_next(night).passes() == {"orders": 1, "taken_in": 0, "failed": 0}
        assert points(shop) == 200

    def test_says_the_same_as_its_webhooks(self, night, installed_shop):
        made = place(night, tip="1.00")
        happens(night, made, "fulfil")
        for amount in ("7.50", "2.50"):
            happens(night, made, "refund", amount=amount)
        sent = night.sandbox.store(night.domain)["webhooks"]
        webhook = [each["payload"] for each in sent if each["topic"] == "orders/updated"][-1]
        told_alone = [each["payload"] for each in sent if each["topic"] == "refunds/create"]
        night.sandbox.faults(night.domain, bulk_waits=True)
        (found,) = collected(night, installed_shop)
        payload = payload_of(found.node, found.children)
        assert order_from(payload) == order_from(webhook)
        refunds = [refund_from(each, currency="USD") for each in several(payload, "refunds")]
        assert refunds == [refund_from(each, currency="USD") for each in told_alone]
        assert found.node["email"] == webhook["email"]

    def test_that_changed_since_is_read_again_with_its_refunds(self, shop, night):
        made = place(night, lines=None, shipping=None, total="100.00")
        night.passes()
        Order.objects.update(shopify_updated_at=timezone.now() - timedelta(minutes=1))
        happens(night, made, "refund", amount="20.00")
        the_next(night).passes()
        assert (Refund.objects.get().amount_minor, points(shop)) == (2000, 400)

    def test_is_found_among_known_ones_which_are_left_alone(self, shop, sandbox, night):
        for _ in range(6):
            place(night, lines=None, shipping=None, total="1.00")
        sent = sandbox.store(night.domain)["webhooks"]
        for payload in [each["payload"] for each in sent if each["topic"] == "orders/paid"][:5]:
            record_order(program=shop.program, told=order_from(payload), now=timezone.now())
        assert night.passes() == {"orders": 6, "taken_in": 1, "failed": 0}

    def test_is_whole_however_many_lines_it_has(self, shop, night):
        place(night, lines=[{"price": "1.00"}] * 130)
        night.passes()
        assert (len(Order.objects.get().lines), points(shop)) == (130, 650)

    def test_is_taken_in_although_the_shops_bucket_was_empty_for_a_moment(self, night):
        place(night)
        for field in ("bulkOperations", "bulkOperationRunQuery", "bulkOperation"):
            night.sandbox.faults(night.domain, throttled=1, only=field)
            night.step()
        night.passes()
        assert night.counts["taken_in"] == 1

    def test_that_cannot_be_taken_in_keeps_no_other_from_it(self, shop, night, caplog):
        place(night, lines=None, shipping=None, total="1.00")
        place(night, lines=[{"price": "99999999999999999999.00"}])
        place(night, lines=None, shipping=None, total="2.00")
        assert night.passes() == {"orders": 3, "taken_in": 2, "failed": 1}
        assert "could not be taken in" in caplog.text
        assert points(shop) == 15

    def test_of_days_ago_is_not_looked_for(self, shop, sandbox, night):
        place(night)
        later = Night(shop, sandbox, now=timezone.now() + LOOKED_BACK + timedelta(minutes=1))
        with shop.nothing_changes():
            later.passes()
        assert Order.objects.count() == 0
