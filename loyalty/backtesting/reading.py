"""Reading past orders for a back-test, the oldest first, in as many statements however many orders a chunk has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Min, QuerySet

from loyalty.backtesting.cases import PastOrder, Person
from loyalty.earning.purchase import Purchase
from loyalty.members.models import Member
from loyalty.orders.facts import shares
from loyalty.orders.models import KnownProducts, Order, Refund
from loyalty.orders.queries import counting

NEWEST = 20_000
"""Orders one answer looks at, at most."""
CHUNK = 2_000
_COLUMNS = (
    "pk", "shopify_order_id", "placed_at", "fulfilled_at", "currency", "total_minor", "refunded_minor", "lines", "facts",
    "member_id", "member__status", "member__redacted_at", "member__tags", "member__tier_membership__tier_id",
    "member__tier_membership__reached_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stock:
    """What Encore holds: orders of any kind, when the first was placed (None: there is none), and those to look at."""

    orders: int
    since: datetime | None
    in_period: int


def stock(*, since: datetime, until: datetime) -> Stock:
    """Returns what Encore holds of the programme in scope, and how many orders of a half-open period may earn."""
    held = Order.objects.aggregate(orders=Count("pk"), since=Min("placed_at"))
    return Stock(int(held["orders"]), held["since"], _in_period(since, until).count())


def newest(*, since: datetime, until: datetime, limit: int = NEWEST) -> QuerySet[Order]:
    """Returns the newest orders of a half-open period that count, at most `limit`, in no order."""
    chosen = _in_period(since, until).order_by("-placed_at", "-pk").values("pk")[:limit]
    found: QuerySet[Order] = Order.objects.filter(pk__in=chosen)
    return found


def past_orders(orders: QuerySet[Order], *, asks_products: bool, asks_firsts: bool) -> Iterator[PastOrder]:
    """Yields orders as they are judged, the oldest first.

    Args:
        orders: Orders that count; see `newest`.
        asks_products: Whether anything has to be known of their products besides their numbers.
        asks_firsts: Whether it matters that an order is its member's first.
    """
    rows = orders.order_by("placed_at", "pk").values_list(*_COLUMNS).iterator(chunk_size=CHUNK)
    while chunk := [dict(zip(_COLUMNS, row, strict=True)) for row in islice(rows, CHUNK)]:
        refunds = _refunds([row["shopify_order_id"] for row in chunk if row["refunded_minor"]])
        products = _products([row["shopify_order_id"] for row in chunk]) if asks_products else {}
        firsts = _firsts({row["member_id"] for row in chunk}) if asks_firsts else set()
        for row in chunk:
            number, refunded = row["shopify_order_id"], row["refunded_minor"]
            money = refunds.get(number, [])
            yield PastOrder(
                id=row["pk"],
                placed_at=row["placed_at"],
                total_minor=row["total_minor"],
                purchase=Purchase(
                    currency=row["currency"], lines=row["lines"], facts=row["facts"], products=products.get(number, {}),
                    is_first=row["pk"] in firsts,
                ),
                person=_person(row),
                is_fulfilled=row["fulfilled_at"] is not None,
                refunds_minor=tuple(shares(total_minor=row["total_minor"], refunded_minor=refunded, money=money)),
            )  # fmt: skip


def _in_period(since: datetime, until: datetime) -> QuerySet[Order]:
    return counting().filter(placed_at__gte=since, placed_at__lt=until)


def _person(row: dict[str, Any]) -> Person | None:
    """Whose an order is; who is excluded or was forgotten earns nothing."""
    takes_part = row["member__status"] == Member.Status.MEMBER and row["member__redacted_at"] is None
    if row["member_id"] is None or not takes_part:
        return None
    return Person(
        id=row["member_id"],
        tags=frozenset(row["member__tags"] or ()),
        tier_id=row["member__tier_membership__tier_id"],
        tier_since=row["member__tier_membership__reached_at"],
    )


def _refunds(numbers: Sequence[int]) -> dict[int, list[int]]:
    """The refunds of money of some orders, in the order they were made."""
    found: dict[int, list[int]] = defaultdict(list)
    if numbers:
        rows = Refund.objects.filter(shopify_order_id__in=numbers, kind=Refund.Kind.REFUND)
        for number, amount in rows.order_by("refunded_at", "reference").values_list("shopify_order_id", "amount_minor"):
            found[number].append(amount)
    return found


def _products(numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the shop has said of the products of some orders."""
    known = KnownProducts.objects.filter(shopify_order_id__in=numbers)
    return dict(known.values_list("shopify_order_id", "products"))


def _firsts(members: set[int | None]) -> set[int]:
    """The first order that counts of each of some members (orders/queries.py, `is_first_of`), by our number."""
    theirs = counting().filter(member_id__in=[each for each in members if each is not None])
    return set(theirs.order_by("member_id", "placed_at", "pk").distinct("member_id").values_list("pk", flat=True))
