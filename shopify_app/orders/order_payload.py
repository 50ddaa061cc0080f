"""An order as Shopify's webhooks tell of it → the facts the programme keeps. Pure.

Shape: shopify.dev, REST Admin API, Order (webhooks keep it). Amounts are decimal text, with bags of two currencies
beside them. A line's price is for one piece and before discounts; its discounts are allocations, order-wide ones too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loyalty.orders.facts import LineFacts, OrderFacts
from shopify_app.orders.amounts import Payload, Unreadable, in_shop_money, number, several, summed

PAID = frozenset({"paid", "partially_refunded", "refunded"})
"""Financial statuses of an order that was paid in full at some time."""


def order_from(payload: Payload) -> OrderFacts:
    """Returns what a delivery tells of an order.

    That it is paid or fulfilled is known from the instant of this telling at the latest.

    Raises:
        Unreadable: Not an order.
    """
    order_id = number(payload.get("id"))
    updated_at = instant(payload.get("updated_at"))
    placed_at = instant(payload.get("processed_at")) or instant(payload.get("created_at"))
    currency = shop_currency(payload)
    if order_id is None or updated_at is None or placed_at is None or not currency:
        raise Unreadable("not an order")
    customer = payload.get("customer")
    is_current = "current_total_price" in payload or "current_total_price_set" in payload
    return OrderFacts(
        shopify_order_id=order_id,
        shopify_customer_id=number(customer.get("id")) if isinstance(customer, dict) else None,
        name=str(payload.get("name") or ""),
        currency=currency,
        total_minor=max(0, in_shop_money(payload, "total_price", currency)),
        current_total_minor=max(0, in_shop_money(payload, "current_total_price", currency)) if is_current else None,
        placed_at=placed_at,
        shopify_updated_at=updated_at,
        paid_at=updated_at if payload.get("financial_status") in PAID else None,
        fulfilled_at=updated_at if payload.get("fulfillment_status") == "fulfilled" else None,
        cancelled_at=instant(payload.get("cancelled_at")),
        is_test=payload.get("test") is True,
        lines=lines_from(payload, currency),
        facts=facts_from(payload, currency),
    )


def shop_currency(payload: Payload) -> str:
    """Returns the shop's currency, as the order's total says it; empty when it says none."""
    bag = payload.get("total_price_set")
    shop_money = bag.get("shop_money") if isinstance(bag, dict) else None
    found = shop_money.get("currency_code") if isinstance(shop_money, dict) else None
    return str(found or payload.get("currency") or "")[:3].upper()


def lines_from(payload: Payload, currency: str) -> tuple[LineFacts, ...]:
    """Returns the lines with the quantities they were ordered in. A tip is no line: the order tells its sum."""
    found = (line for line in several(payload, "line_items") if not line.get("tip_payment_gateway"))
    return tuple(_line(line, currency, tax_is_inside=payload.get("taxes_included") is True) for line in found)


def _line(line: Payload, currency: str, *, tax_is_inside: bool) -> LineFacts:
    quantity = number(line.get("quantity")) or 0
    full = in_shop_money(line, "price", currency) * quantity
    allocations = several(line, "discount_allocations")
    discount = (
        summed(allocations, "amount", currency) if allocations else in_shop_money(line, "total_discount", currency)
    )
    tax = summed(several(line, "tax_lines"), "price", currency)
    return LineFacts(
        line_id=number(line.get("id")) or 0,
        product_id=number(line.get("product_id")),
        variant_id=number(line.get("variant_id")),
        quantity=quantity,
        amount_minor=max(0, full - discount - (tax if tax_is_inside else 0)),
        tax_minor=tax,
        discount_minor=discount,
        is_gift_card=line.get("gift_card") is True,
    )


def facts_from(payload: Payload, currency: str) -> dict[str, Any]:
    """Returns what else of an order earning reads; shipping is after its discounts and without tax."""
    shipping_lines = several(payload, "shipping_lines")
    discounted = [each for each in shipping_lines if "discounted_price" in each or "discounted_price_set" in each]
    shipping = (
        summed(discounted, "discounted_price", currency)
        if discounted
        else in_shop_money(payload, "total_shipping_price", currency)
    )
    on_shipping = sum(summed(several(each, "tax_lines"), "price", currency) for each in shipping_lines)
    is_inside = payload.get("taxes_included") is True
    tags = payload.get("tags")
    return {
        "shipping_minor": max(0, shipping - (on_shipping if is_inside else 0)),
        "tax_minor": in_shop_money(payload, "total_tax", currency),
        "tips_minor": in_shop_money(payload, "total_tip_received", currency),
        "discounts_minor": in_shop_money(payload, "total_discounts", currency),
        "gift_card_paid_minor": 0,  # an order's webhook does not tell what its gift cards paid
        "taxes_included": is_inside,
        "source_name": str(payload.get("source_name") or ""),
        "tags": [tag.strip() for tag in tags.split(",") if tag.strip()] if isinstance(tags, str) else [],
        "discount_codes": [str(each["code"]) for each in several(payload, "discount_codes") if each.get("code")],
        "customer_order_number": None,
    }


def instant(text: Any) -> datetime | None:
    """Returns an ISO 8601 instant with its offset; anything else is None."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
