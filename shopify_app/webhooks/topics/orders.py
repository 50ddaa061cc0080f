"""What all topics of orders do: each carries the whole order, so each tells everything there is to know.

Deliveries come late, twice and out of order. The order's own time of change decides which is the newer.
"""

from __future__ import annotations

from django.utils import timezone

from loyalty.orders.models import Order
from loyalty.programs.models import Program
from shopify_app.orders.amounts import Unreadable, several
from shopify_app.orders.intake import take_order, take_refund
from shopify_app.orders.order_payload import order_from
from shopify_app.orders.refund_payload import refund_from
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def follow(delivery: Delivery) -> Order:
    """Write the order down with its refunds, and settle what it earns. Replay: changes nothing.

    Raises:
        Ignored: unknown shop, the shop is uninstalled, or no order.
        ShopUnreachable: the order enrols its customer or is judged by what its products are, and the shop did not answer:
            the row waits for its next turn.
    """
    program = installed(delivery)
    try:
        told = order_from(delivery.payload)
        refunds = [refund_from(each, currency=told.currency) for each in several(delivery.payload, "refunds")]
    except Unreadable as reason:
        raise Ignored(str(reason)) from None
    email = delivery.payload.get("email") or delivery.payload.get("contact_email")
    return take_order(
        program=program, told=told, refunds=refunds, now=timezone.now(), email=email if isinstance(email, str) else None
    )


def follow_refund(delivery: Delivery) -> Order | None:
    """Write a refund down, and take back what it takes of the award; its order may come later. Replay: changes nothing.

    Raises:
        Ignored: unknown shop, the shop is uninstalled, or no refund.
    """
    program = installed(delivery)
    try:
        told = refund_from(delivery.payload, currency=program.currency)
    except Unreadable as reason:
        raise Ignored(str(reason)) from None
    return take_refund(program=program, told=told, now=timezone.now())


def installed(delivery: Delivery) -> Program:
    """The programme of a shop in which Encore is installed.

    Raises:
        Ignored: unknown shop, or the shop is uninstalled.
    """
    shop = delivery.shop()
    if shop.uninstalled_at is not None:
        raise Ignored("uninstalled")
    return shop.program
