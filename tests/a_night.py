"""A night's look at the orders that changed, step by step, as the schedule does it; time passes when a run rests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from loyalty.programs.scheduling import Step
from shopify_app.orders.reconcile import reconcile_some
from tests.a_shop import AShop
from tests.sandbox_client import Sandbox


class Night:
    """One run of a shop.

    Attributes:
        now: What the next step takes for the time.
        counts: Of all steps so far.
        is_over: Whether nothing is left.
    """

    def __init__(self, shop: AShop, sandbox: Sandbox, *, now: datetime | None = None) -> None:
        self.shop, self.sandbox = shop, sandbox
        self.now, self.cursor, self.is_over = now or timezone.now(), "", False
        self.counts: dict[str, int] = {}

    @property
    def domain(self) -> str:
        return self.shop.program.shopify_domain

    def step(self) -> Step:
        """One step; the rest it asks for passes at once."""
        step = reconcile_some(self.shop.program, self.cursor, self.now)
        self.keep(step)
        return step

    def keep(self, step: Step) -> None:
        """What the schedule keeps of a step."""
        self.cursor, self.is_over = step.cursor or "", step.cursor is None
        self.now = step.rests_until or self.now
        self.counts = {what: self.counts.get(what, 0) + number for what, number in step.counts.items()} or self.counts

    def passes(self) -> dict[str, int]:
        """All of it; returns the counts."""
        while not self.is_over:
            self.step()
        return self.counts

    def begins(self) -> str:
        """Up to where the shop works on the query; returns the operation's number."""
        while not (begun := self.cursor.split("|")[1:2]) or not begun[0]:
            self.step()
        return begun[0]

    def operations(self) -> list[dict[str, Any]]:
        """The shop's bulk operations, the oldest first."""
        found: list[dict[str, Any]] = self.sandbox.store(self.domain)["bulk_operations"]
        return found

    def becomes(self, number: str, **what: Any) -> None:
        """Has the shop bring an operation to an end, or take its results away."""
        self.sandbox.call("PATCH", f"stores/{self.domain}/bulk-operations/{number}", what)
