"""At night the shop is asked what has changed: orders and refunds whose webhooks never came are made up for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from loyalty.orders.models import Order, Refund
from loyalty.orders.operations import record_order
from loyalty.programs.models import ScheduledRun
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.orders.order_answer import payload_of
from shopify_app.orders.order_payload import order_from
from shopify_app.orders.reconcile import LOOKED_BACK, reconcile_some
from shopify_app.shops.connection import call
from shopify_app.shops.operations import uninstall
from shopify_app.webhooks.tasks import reconcile_orders
from tests.a_shop import AShop
from tests.sandbox_client import Sandbox

pytestmark = pytest.mark.django_db

LINES = [
    {"product_id": 11, "variant_id": 111, "price": "25.00", "quantity": 2, "discount": "10.00", "tax": "4.00"},
    {"price": "20.00", "gift_card": True},
]


@pytest.fixture
def shop(installed_shop):
    """5 points per dollar, and member 7001."""
    made = AShop(installed_shop.program)
    with made.scope():
        made.rule("place_order", 5, now=timezone.now() - timedelta(days=9), frequency="unlimited")
        made.member(7001, now=timezone.now())
        yield made
        made.assert_sound()


def place(sandbox: Sandbox, shop: AShop, **given: Any) -> dict[str, Any]:
    """An order whose webhooks reach nobody."""
    body = {"customer_id": "7001", "lines": LINES, "shipping": "6.00", "tags": ["vip"], "paid": True, **given}
    made: dict[str, Any] = sandbox.call("POST", f"stores/{shop.program.shopify_domain}/orders", body)
    return made


def reconcile(shop: AShop) -> dict[str, int]:
    """The whole job, page by page."""
    cursor: str | None = ""
    counts: dict[str, int] = {}
    while cursor is not None:
        step = reconcile_some(shop.program, cursor, timezone.now())
        counts = {what: counts.get(what, 0) + number for what, number in step.counts.items()}
        cursor = step.cursor
    return counts


def points(shop: AShop) -> int:
    from loyalty.members.queries import member

    return shop.balances(member(identifier="7001"), timezone.now()).available


class TestAMissedOrder:
    def test_is_taken_in_and_earns_once(self, shop, sandbox):
        place(sandbox, shop)
        assert reconcile(shop) == {"orders": 1, "taken_in": 1, "too_long": 0}
        assert reconcile(shop) == {"orders": 1, "taken_in": 0, "too_long": 0}
        assert points(shop) == 200

    def test_says_the_same_as_its_webhook(self, shop, sandbox, installed_shop):
        made = place(sandbox, shop, discount_codes=[], tip="1.00")
        path = f"stores/{shop.program.shopify_domain}/orders/{made['id']}"
        for verb, given in (("fulfil", {}), ("refund", {"amount": "7.50"})):
            sandbox.call("POST", f"{path}/{verb}", given)
        webhooks = sandbox.store(shop.program.shopify_domain)["webhooks"]
        webhook = [each["payload"] for each in webhooks if each["topic"] == "orders/updated"][-1]
        answer = call(installed_shop, "OrderInFull", {"id": webhook["admin_graphql_api_id"]}).data["order"]
        assert order_from(payload_of(answer)) == order_from(webhook)

    def test_that_changed_since_is_read_again_with_its_refunds(self, shop, sandbox):
        made = place(sandbox, shop, lines=None, shipping=None, total="100.00")
        reconcile(shop)
        Order.objects.update(shopify_updated_at=timezone.now() - timedelta(minutes=1))
        sandbox.call("POST", f"stores/{shop.program.shopify_domain}/orders/{made['id']}/refund", {"amount": "20.00"})
        reconcile(shop)
        assert (Refund.objects.get().amount_minor, points(shop)) == (2000, 400)

    def test_is_found_on_a_later_page_and_what_is_known_is_not_read_again(self, shop, sandbox):
        for _ in range(6):
            place(sandbox, shop, lines=None, shipping=None, total="1.00")
        sent = sandbox.store(shop.program.shopify_domain)["webhooks"]
        for payload in [each["payload"] for each in sent if each["topic"] == "orders/paid"][:5]:
            record_order(program=shop.program, told=order_from(payload), now=timezone.now())
        assert reconcile(shop) == {"orders": 6, "taken_in": 1, "too_long": 0}

    def test_is_taken_in_although_the_shops_bucket_was_empty_for_a_moment(self, shop, sandbox):
        place(sandbox, shop)
        sandbox.faults(shop.program.shopify_domain, throttled=1, only="order")
        assert reconcile(shop)["taken_in"] == 1

    def test_with_more_lines_than_are_read_is_left_for_a_person(self, shop, sandbox):
        place(sandbox, shop, lines=[{"price": "1.00"}] * 51)
        with shop.nothing_changes():
            assert reconcile(shop)["too_long"] == 1
        assert Order.objects.count() == 0


class TestTheJob:
    def test_leaves_a_recorded_run(self, shop, sandbox):
        place(sandbox, shop)
        reconcile_orders()
        run = ScheduledRun.objects.get(name="reconcile-orders")
        assert (run.counts["taken_in"], run.error, run.finished_at is not None) == (1, "", True)

    def test_that_found_the_shop_closed_says_so_and_looks_back_the_next_night(self, shop, sandbox):
        place(sandbox, shop)
        sandbox.faults(shop.program.shopify_domain, down=True)
        with shop.nothing_changes(), pytest.raises(AdminApiError):
            reconcile(shop)
        reconcile_orders()
        assert ScheduledRun.objects.get(name="reconcile-orders").error != ""
        sandbox.faults(shop.program.shopify_domain, down=False)
        reconcile_orders()
        assert points(shop) == 200

    def test_looks_back_for_days_and_no_further(self, shop, sandbox):
        place(sandbox, shop)
        step = reconcile_some(shop.program, "", timezone.now() + LOOKED_BACK + timedelta(minutes=1))
        assert step.counts["orders"] == 0

    def test_asks_nothing_of_a_shop_that_has_left(self, shop, sandbox):
        uninstall(domain=shop.program.shopify_domain, now=timezone.now())
        assert reconcile_some(shop.program, "", timezone.now()).cursor is None
        reconcile_orders()
        assert ScheduledRun.objects.filter(name="reconcile-orders").count() == 0
