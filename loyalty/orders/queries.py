"""What may be asked of orders from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from loyalty.orders.facts import shares
from loyalty.orders.models import KnownProducts, Order, Refund
from loyalty.orders.products import Known


@dataclass(frozen=True, slots=True)
class Figures:
    """What a member bought: money in the smallest unit of the shop's currency, refunds taken off, and orders."""

    spent_minor: int
    orders: int


def counting() -> QuerySet[Order]:
    """Returns the orders of the programme in scope that count: paid, not cancelled, not wholly given back, no test."""
    given_back = Q(total_minor__gt=0, refunded_minor__gte=F("total_minor"))
    orders: QuerySet[Order] = Order.objects.filter(paid_at__isnull=False, cancelled_at=None, is_test=False)
    return orders.exclude(given_back)


def figures_of(*, member_id: int, since: datetime | None = None, until: datetime | None = None) -> Figures:
    """Returns what a member bought in a half-open period; None on either side is open.

    Args:
        since: The first instant, by when the order was placed.
        until: The first instant after.
    """
    orders = counting().filter(member_id=member_id)
    if since is not None:
        orders = orders.filter(placed_at__gte=since)
    if until is not None:
        orders = orders.filter(placed_at__lt=until)
    found = orders.aggregate(spent=Sum(F("total_minor") - F("refunded_minor")), number=Count("pk"))
    return Figures(spent_minor=int(found["spent"] or 0), orders=int(found["number"]))


def shares_of(order: Order) -> list[int]:
    """Returns what the order's given-back money is made of, refund by refund, in the smallest unit; see `facts.shares`."""
    rows = Refund.objects.filter(shopify_order_id=order.shopify_order_id, kind=Refund.Kind.REFUND)
    money = rows.order_by("refunded_at", "reference").values_list("amount_minor", flat=True)
    return shares(total_minor=order.total_minor, refunded_minor=order.refunded_minor, money=list(money))


def is_first_of(order: Order) -> bool:
    """Whether the member has no order that counts and was placed before this one."""
    assert order.member_id is not None, order
    earlier = Q(placed_at__lt=order.placed_at) | Q(placed_at=order.placed_at, pk__lt=order.pk)
    return not counting().filter(earlier, member_id=order.member_id).exists()


def known_products(order: Order) -> Known:
    """Returns what the shop has said of the order's products."""
    found = KnownProducts.objects.filter(shopify_order_id=order.shopify_order_id)
    products: Known | None = found.values_list("products", flat=True).first()
    return products or {}
