"""A refund as Shopify's webhooks tell of it → the facts the programme keeps. Pure.

`refunds/create` comes for every error-free refund, whether or not money moved, and an order lists its refunds in the
same shape. Shape: shopify.dev, REST Admin API, Refund.
"""

from __future__ import annotations

from loyalty.orders.facts import RefundFacts
from shopify_app.orders.amounts import Payload, Unreadable, in_shop_money, minor, number, several, summed
from shopify_app.orders.order_payload import instant


def refund_from(payload: Payload, *, currency: str) -> RefundFacts:
    """Returns what a delivery tells of a refund.

    The amount is what went back: successful refund transactions, to store credit too. Without any in the shop's
    currency it is what the refund says of itself: its lines with their tax, and its adjustments (shipping, an amount).

    Args:
        currency: The shop's.

    Raises:
        Unreadable: Not a refund.
    """
    refund_id, order_id = number(payload.get("id")), number(payload.get("order_id"))
    refunded_at = instant(payload.get("processed_at")) or instant(payload.get("created_at"))
    if refund_id is None or order_id is None or refunded_at is None:
        raise Unreadable("not a refund")
    transactions = [each for each in several(payload, "transactions") if each.get("kind") == "refund"]
    successful = [each for each in transactions if each.get("status") == "success"]
    amounts = [_in_shop_currency(each, currency) for each in successful]
    known = [each for each in amounts if each is not None]
    is_told = bool(known) and len(known) == len(amounts)
    return RefundFacts(
        shopify_order_id=order_id,
        reference=f"refund:{refund_id}",
        amount_minor=max(0, sum(known) if is_told else _of_itself(payload, currency)),
        refunded_at=refunded_at,
        is_money=bool(transactions),
    )


def _in_shop_currency(transaction: Payload, currency: str) -> int | None:
    """What a transaction moved; None when it is told in the buyer's currency alone."""
    if isinstance(transaction.get("amount_set"), dict):
        return in_shop_money(transaction, "amount", currency)
    if str(transaction.get("currency") or currency).upper() == currency:
        return minor(transaction.get("amount"), currency)
    return None


def _of_itself(payload: Payload, currency: str) -> int:
    """Lines with their tax, shipping, and adjustments: those are negative where more went back than the lines say."""
    lines, adjustments = several(payload, "refund_line_items"), several(payload, "order_adjustments")
    shipping = several(payload, "refund_shipping_lines")
    goods = summed(lines, "subtotal", currency) + summed(lines, "total_tax", currency)
    carriage = summed(shipping, "subtotal_amount", currency) if not adjustments else 0
    return goods + carriage - summed(adjustments, "amount", currency) - summed(adjustments, "tax_amount", currency)
