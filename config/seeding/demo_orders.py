"""The demo shop's members in order of time, and their orders, written down and settled as webhooks would have it."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from loyalty.earning.operations import knowing_products, settle
from loyalty.orders.facts import LineFacts, OrderFacts, RefundFacts
from loyalty.orders.models import Order
from loyalty.orders.operations import record_order, record_refund
from loyalty.programs.models import Program
from loyalty.rewards.operations import follow_order

FIRST_ORDER_ID = 5_400_000_000_001
"""Below the ids the sandbox gives out, so that an order placed there is another one."""
COLLECTIONS = ((401, "Indoor plants"), (402, "Garden"))
PRODUCTS = (
    (901, "Air plant", 1290, ("indoor",), 401), (902, "String of hearts", 1850, ("indoor", "hanging"), 401),
    (903, "Lavender, three pots", 2400, ("scented",), 402), (904, "Boston fern", 3200, ("indoor",), 401),
    (905, "Hydrangea", 4550, (), 402), (906, "Olive tree", 6800, ("new",), 402), (907, "Fiddle-leaf fig", 9900, ("indoor", "new"), 401),
)  # fmt: skip
"""Of the store in the sandbox: id, title, price in cents, tags, collection. A product's one variant has ten times its id."""
_numbers, _orders = itertools.count(), itertools.count()


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """The store's products and collections, as the sandbox takes them."""
    products = [
        {
            "id": number, "title": title, "tags": list(tags), "collections": [collection],
            "variants": [{"id": number * 10, "price": str(Decimal(cents) / 100)}],
        }
        for number, title, cents, tags, collection in PRODUCTS
    ]  # fmt: skip
    return {"collections": [{"id": number, "title": title} for number, title in COLLECTIONS], "products": products}


Later = Callable[[datetime, Callable[[datetime], None]], None]
"""Puts something on the member's agenda, for its own time; what lies in the future does not happen."""


class Agenda:
    """One member's life in order of time: what happens may lead to something later, up to `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._waiting: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def add(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        """Something that is to happen at its time."""
        heapq.heappush(self._waiting, (at, next(_numbers), happens))

    def live(self) -> None:
        """Lets everything happen whose time is before `now`."""
        while self._waiting:
            at, _, happens = heapq.heappop(self._waiting)
            if at < self.now:
                happens(at)


def place_order(
    program: Program, customer_id: int, rng: random.Random, at: datetime, later: Later, *, code: str | None = None
) -> None:
    """A paid order of one to three things; one in fifteen is given back in part or whole some days later."""
    number = next(_orders)
    bought = [rng.choice(PRODUCTS) for _ in range(rng.randint(1, 3))]
    lines = tuple(LineFacts(place, each[0], each[0] * 10, 1, each[2]) for place, each in enumerate(bought))
    told = OrderFacts(
        shopify_order_id=FIRST_ORDER_ID + number, shopify_customer_id=customer_id, name=f"#{1001 + number}", currency="USD",
        total_minor=sum(line.amount_minor for line in lines), placed_at=at, shopify_updated_at=at, paid_at=at, lines=lines,
        facts={"source_name": "web", "discount_codes": [code] if code else []},
    )  # fmt: skip

    def write_down() -> Order:
        order = record_order(program=program, told=told, now=at)
        settle(order_id=order.pk, now=at)
        return order

    order = knowing_products(program=program, work=write_down, now=at)
    follow_order(order=order, codes=[code] if code else [], now=at)
    amount = rng.choice([lines[0].amount_minor, told.total_minor])

    def give_back(back_at: datetime) -> None:
        refund = RefundFacts(told.shopify_order_id, f"demo-{number}", amount, back_at)
        record_refund(program=program, told=refund, now=back_at)
        settle(order_id=order.pk, now=back_at)

    if rng.random() < 0.07:
        later(at + timedelta(days=rng.randint(2, 12)), give_back)
