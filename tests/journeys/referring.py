"""A shop with a referral rule, its storefront as Shopify forwards it, and friends who order, for tests."""

from __future__ import annotations

import itertools
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.utils import timezone

from loyalty.earning.models import EarningRule
from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.referrals import queries
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import complete, judge, work_on_code
from shopify_app.auth.app_proxy import signature_of
from tests.a_shop import AShop
from tests.journeys.shopify_webhooks import deliver, work_off
from tests.sandbox_client import Sandbox
from tests.shopify_payloads import order, refund

ADVOCATE, FRIEND = 7001, 7002
_numbers = itertools.count(1)


class ReferringShop(AShop):
    """An installed shop whose members refer friends; calls are those of a browser, of Shopify and of the worker."""

    sandbox: Sandbox

    @property
    def domain(self) -> str:
        return self.program.shopify_domain

    def referral_rule(self, points: int = 500, **terms: Any) -> EarningRule:
        """The rule: 500 points, and 10 % off for the friend, unless it says otherwise."""
        return self.rule("referral", points, **{"frequency": "unlimited", **terms})

    def advocate(self) -> Member:
        """Ada, who is known to the shop."""
        return self.member(ADVOCATE, email="ada@example.com", now=timezone.now())

    def customer(self, customer_id: int = FRIEND, **fields: Any) -> None:
        """A customer of the shop, as the sandbox keeps them; no webhook."""
        given = {"id": customer_id, "created_at": "2026-01-01T00:00:00Z", **fields}
        self.sandbox.call("PUT", "stores", [{"domain": self.domain, "customers": [given]}])

    def visit(self, path: str = "referral", data: Any = None, *, customer: int | None = None, **query: str) -> Any:
        """A page of the storefront, as Shopify forwards it; a post when there is something to send."""
        headers = {"X-Forwarded-For": query.pop("address", "")}
        pairs = [
            *query.items(),
            ("shop", self.domain),
            ("path_prefix", "/apps/loyalty"),
            ("timestamp", str(int(time.time()))),
            ("logged_in_customer_id", str(customer or "")),
        ]
        pairs.append(("signature", signature_of(pairs, settings.SHOPIFY_CLIENT_SECRETS[0])))
        url = f"/proxy/{path}?{urlencode(pairs)}"
        return Client().get(url, headers=headers) if data is None else Client().post(url, data, headers=headers)

    def claims(self, advocate: Member, email: str = "bo@example.com", *, address: str = "", device: str = "") -> Any:
        """A friend accepts the invitation; returns the page."""
        sent = {"email": email, "device": device}
        return self.visit("referral", sent, referral_code=advocate.referral_code, address=address)

    def claimed(self, advocate: Member, email: str = "bo@example.com", **how: Any) -> Referral:
        """The same, and the worker has made the code; returns the referral."""
        assert self.claims(advocate, email, **how).status_code == 200
        found: Referral = Referral.objects.latest("pk")
        work_on_code(referral_id=found.pk, now=timezone.now())
        found.refresh_from_db()
        return found

    def orders(self, *, customer: int | None = FRIEND, number: int = 5_500_000_000_001, **fields: Any) -> None:
        """Shopify tells of an order of the friend, the worker works on it, and what it leads to is judged."""
        at = (timezone.now() + timedelta(minutes=1)).isoformat()
        usual = {"customer": {"id": customer} if customer else None, "email": "bo@example.com", "contact_email": None}
        told = order(number, **{**usual, "processed_at": at, "updated_at": at, **fields})
        self.told("orders/paid", told)

    def told(self, topic: str, payload: dict[str, Any]) -> None:
        """Any webhook, worked on, and what it leads to judged."""
        answer = deliver(self.domain, topic, payload, webhook_id=f"r-{next(_numbers)}")
        assert answer.status_code == 200
        assert work_off().state == "done"
        self.work()

    def refunded(self, amount: str, *, number: int = 5_500_000_000_001) -> None:
        """Shopify tells that money went back."""
        self.told("refunds/create", refund(next(_numbers), amount, order_id=number))

    def codes(self) -> dict[str, dict[str, Any]]:
        """The discounts in Shopify, by code."""
        return {each["code"]: each for each in self.sandbox.store(self.domain)["discounts"]}

    def work(self, now: datetime | None = None) -> None:
        """What the sweep and the schedule do."""
        now = now or timezone.now() + timedelta(minutes=10)
        for number in queries.codes_to_do(now=now):
            work_on_code(referral_id=number, now=now)
        for number in queries.to_judge(now=now):
            judge(referral_id=number, now=now)
        for number in queries.due(now=now):
            complete(referral_id=number, now=now)

    def later(self, days: int) -> datetime:
        """Some days from now, a little more."""
        return timezone.now() + timedelta(days=days, minutes=5)

    def points(self, member: Member, now: datetime | None = None) -> int:
        return self.balances(member, now or timezone.now() + timedelta(days=40)).available


def states() -> list[tuple[str, str]]:
    """Where every referral stands, and why those ended that did."""
    return list(Referral.objects.order_by("pk").values_list("state", "ended_for"))


def orders_known() -> int:
    return Order.objects.count()
