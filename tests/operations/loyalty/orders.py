"""Orders and refunds as a shop tells of them, for tests. Amounts are in cents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from loyalty.earning.operations import settle
from loyalty.orders.facts import LineFacts, OrderFacts, RefundFacts
from loyalty.orders.models import Order
from loyalty.orders.operations import record_order, record_refund, remember_products
from loyalty.orders.products import ProductFacts
from tests.a_shop import NOW, AShop

ORDER = 5_500_000_000_001


def order(
    number: int = ORDER, total: int = 10000, *, at: datetime = NOW, customer: int | None = 7001, **more: Any
) -> OrderFacts:
    """A paid order of one line unless it says otherwise."""
    usual: dict[str, Any] = {
        "name": "#1001",
        "currency": "USD",
        "placed_at": at,
        "shopify_updated_at": at,
        "paid_at": at,
        "lines": (LineFacts(1, 11, 111, 1, total),),
        "facts": {"discount_codes": [], "tags": [], "source_name": "web"},
    }
    return OrderFacts(
        **{"shopify_order_id": number, "shopify_customer_id": customer, "total_minor": total, **usual, **more}
    )


def refund(
    reference: str, amount: int, number: int = ORDER, *, at: datetime = NOW, is_money: bool = True
) -> RefundFacts:
    """Money given back."""
    return RefundFacts(number, reference, amount, at + timedelta(minutes=1), is_money)


def told(
    shop: AShop, number: int, products: Mapping[int, ProductFacts], *, collections: Collection[int] = (5, 6)
) -> None:
    """What the shop says of an order's products, when it was asked about these collections."""
    remember_products(
        program=shop.program, shopify_order_id=number, found=products, collection_ids=collections, now=NOW
    )


def heard(shop: AShop, *told: OrderFacts | RefundFacts, now: datetime = NOW) -> Order | None:
    """What the webhooks' topics do with what they are told: write it down, settle."""
    found: Order | None = None
    for each in told:
        if isinstance(each, OrderFacts):
            found = record_order(program=shop.program, told=each, now=now)
        else:
            found = record_refund(program=shop.program, told=each, now=now)
        if found is not None:
            settle(order_id=found.pk, now=now)
            found.refresh_from_db()
    return found
