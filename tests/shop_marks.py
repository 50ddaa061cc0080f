"""A shop whose customers and programme show in Shopify: what is written there, and the outbox worked off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from loyalty.outbox import relay
from loyalty.outbox.ports import Outcome
from loyalty.programs.models import Program
from shopify_app.shops.operations import install
from tests.a_shop import AShop
from tests.sandbox_client import Sandbox

APP = "app--1234567"
"""How Shopify spells our namespace `$app` out."""
DESTINATIONS = ("shopify:", "encore:renamed-tiers")


@dataclass
class MarkedShop(AShop):
    """An installed shop, seen from Shopify's side."""

    program: Program
    sandbox: Sandbox

    @classmethod
    def opened(cls, sandbox: Sandbox, *customers: int, tags: dict[int, list[str]] | None = None) -> MarkedShop:
        """A store of its own with these customers, in which Encore is installed; what that causes is told already."""
        known = [
            {"id": number, "email": f"{number}@example.com", "first_name": "Ada", "last_name": "L",
             "created_at": "2025-01-01T00:00:00Z", "tags": (tags or {}).get(number, [])}
            for number in customers
        ]  # fmt: skip
        domain = sandbox.new_store(customers=known)
        return cls(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program, sandbox)

    @property
    def domain(self) -> str:
        """The store's domain."""
        return self.program.shopify_domain

    def metafields(self, owner: str = "Customer", number: int | None = None) -> dict[str, str]:
        """The metafields of one kind of owner, or of one customer, as `namespace.key`; ours is `$app`."""
        found = self.sandbox.store(self.domain)["metafields"]
        wanted = f"/{owner}/{number or ''}"
        return {
            f"{each['namespace'].replace(APP, '$app')}.{each['key']}": each["value"]
            for each in found
            if wanted in each["owner"]
        }

    def tags(self, number: int = 7001) -> list[str]:
        """The tags a customer carries in the shop."""
        customers = self.sandbox.store(self.domain)["customers"]
        return next(sorted(each["tags"]) for each in customers if str(each["id"]) == str(number))

    def written(self) -> list[str]:
        """Every write Shopify has answered or lost, in order."""
        calls = self.sandbox.store(self.domain)["graphql_calls"]
        return [name for call in calls for name in call["operation"] if name.startswith(("metafields", "tags"))]

    def read(self) -> int:
        """How often Shopify was asked what is written on a customer."""
        calls = self.sandbox.store(self.domain)["graphql_calls"]
        return sum(call["operation"] == ["customer"] for call in calls)

    def work_off(self, now: datetime | None = None) -> list[Outcome]:
        """Tells Shopify whatever waits, the resulting syncs included, and returns what came of each."""
        at = now or timezone.now() + timedelta(hours=1)
        outcomes = []
        while relay.fan_out(now=timezone.now()) or any(
            d.startswith(DESTINATIONS) for d in relay.due_destinations(now=at)
        ):
            for destination in relay.due_destinations(now=at):
                while destination.startswith(DESTINATIONS) and (claim := relay.claim(destination=destination, now=at)):
                    outcomes.append(relay.attempt(claim=claim, now=at))
        return outcomes
