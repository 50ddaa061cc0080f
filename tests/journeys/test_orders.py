"""Orders in a shop, from the checkout to the points: the sandbox's webhooks, the real inbox, the real workers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.rewards.models import Redemption
from shopify_app.webhooks.models import ReceivedWebhook
from tests.journeys.conftest import LiveShop

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def selling(live: LiveShop) -> LiveShop:
    """5 points per dollar, placed long enough ago."""
    live.rule("place_order", 5, now=timezone.now() - timedelta(days=1), frequency="unlimited")
    return live


def place(shop: LiveShop, **given: Any) -> dict[str, Any]:
    body = {"customer_id": "7001", "total": "100.00", "paid": True, **given}
    made: dict[str, Any] = shop.sandbox.call("POST", f"stores/{shop.domain}/orders", body)
    return made


def then(shop: LiveShop, order: dict[str, Any], verb: str, **given: Any) -> None:
    shop.sandbox.call("POST", f"stores/{shop.domain}/orders/{order['id']}/{verb}", given)


def points(shop: LiveShop) -> int:
    found: int = shop.rest("GET", "customers/7001").json()["data"]["attributes"]["current_points"]
    return found


def all_worked_off() -> bool:
    return not ReceivedWebhook.objects.filter(state="pending").exists()


class TestAnOrder:
    def test_earns_by_its_lines_and_what_is_refunded_goes_back(self, selling):
        lines = [
            {"product_id": 11, "price": "30.00", "quantity": 2, "discount": "10.00", "tax": "5.00"},
            {"product_id": 12, "price": "50.00", "gift_card": True},
        ]
        order = place(selling, lines=lines, total=None, shipping="5.00")
        selling.eventually(lambda: points(selling) == 250)
        then(selling, order, "refund", amount="22.00", to="store_credit")
        selling.eventually(lambda: points(selling) == 200)
        then(selling, order, "refund")
        selling.eventually(lambda: points(selling) == 0)
        selling.eventually(all_worked_off)

    def test_that_is_paid_later_lowered_and_cancelled_ends_with_nothing(self, selling):
        order = place(selling, paid=False)
        selling.eventually(Order._base_manager.exists)
        assert points(selling) == 0
        then(selling, order, "pay")
        selling.eventually(lambda: points(selling) == 500)
        then(selling, order, "edit", amount="20")
        selling.eventually(lambda: points(selling) == 400)
        then(selling, order, "cancel")
        selling.eventually(lambda: points(selling) == 0)
        selling.eventually(all_worked_off)

    def test_of_a_guest_counts_when_they_make_an_account(self, selling):
        selling.sandbox.call(
            "PUT", "stores", [{"domain": selling.domain, "customers": [{"id": 7002, "email": "g@x.de"}]}]
        )
        place(selling, customer_id="7002")
        selling.eventually(lambda: Order._base_manager.filter(paid_at__isnull=False).exists())
        assert selling.rest("GET", "customers/7002").status_code == 404
        enrolled = selling.rest("POST", "customers", {"shopify_customer_id": "7002"})
        assert enrolled.json()["data"]["attributes"]["current_points"] == 500
        selling.eventually(all_worked_off)


class TestACode:
    def test_is_used_when_its_order_is_paid(self, selling):
        reward = selling.reward(100, now=timezone.now())
        selling.give(selling.member(7001), 100, now=timezone.now())
        body = {"customer_identifier": "7001"}
        bought = selling.rest("POST", f"rewards/{reward.public_id}/purchase", body).json()["data"]["attributes"]
        place(selling, discount_codes=[bought["discount_code"]])
        with selling.scope():
            selling.eventually(lambda: Redemption.objects.get().state == "used")
            redemption = Redemption.objects.get()
        assert (redemption.order_number, redemption.code) == ("#1001", bought["discount_code"])
        selling.eventually(all_worked_off)


class TestACustomer:
    def test_who_makes_an_account_is_a_member(self, selling):
        selling.sandbox.call(
            "POST", f"stores/{selling.domain}/customers", {"email": "new@example.com", "state": "enabled"}
        )
        selling.eventually(lambda: Member._base_manager.filter(email="new@example.com").exists())
        selling.eventually(all_worked_off)
