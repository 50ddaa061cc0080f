"""Webhook bodies of orders and refunds in Shopify's full shape: amounts as text, bags in two currencies.

The shop sells in `currency`; the buyer paid in euros, at numbers no programme may ever read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

PRESENTMENT = "EUR"


def bag(amount: Any, currency: str = "USD") -> dict[str, Any]:
    """A `*_set`: the shop's money, and the buyer's."""
    other = str(Decimal(str(amount)) * 7 + 13)
    return {
        "shop_money": {"amount": str(amount), "currency_code": currency},
        "presentment_money": {"amount": other, "currency_code": PRESENTMENT},
    }


def money(name: str, amount: Any, currency: str = "USD") -> dict[str, Any]:
    """A field and its bag; the plain field is the shop's money too."""
    return {name: str(amount), f"{name}_set": bag(amount, currency)}


def line(
    line_id: int,
    price: str,
    quantity: int = 1,
    *,
    discount: str = "0.00",
    tax: str = "0.00",
    currency: str = "USD",
    **more: Any,
) -> dict[str, Any]:
    """A line item: the price of one piece, the discount and tax of all."""
    return {
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "attributed_staffs": [],
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": 200,
        "name": "Oolong",
        **money("price", price, currency),
        "product_exists": True,
        "product_id": 11,
        "properties": [],
        "quantity": quantity,
        "requires_shipping": True,
        "sku": "TEA-1",
        "taxable": True,
        "title": "Oolong",
        **money("total_discount", "0.00", currency),
        "variant_id": 111,
        "variant_title": None,
        "vendor": "Tea",
        "tax_lines": [
            {"channel_liable": False, "rate": 0.1, "title": "State tax", **money("price", tax, currency)},
        ],
        "duties": [],
        "discount_allocations": [{"discount_application_index": 0, **money("amount", discount, currency)}]
        if Decimal(discount)
        else [],
        **more,
    }


def order(
    order_id: int = 5_500_000_000_001, total: str = "100.00", *, currency: str = "USD", **more: Any
) -> dict[str, Any]:
    """An order as `orders/*` tells of it: of customer 7001, paid, one line of the whole total."""
    return {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": None,
        "checkout_id": 35_000_000_000_001,
        "closed_at": None,
        "confirmation_number": "XJ4K2",
        "confirmed": True,
        "contact_email": "ada@example.com",
        "created_at": "2026-11-20T10:00:00-05:00",
        "currency": currency,
        **money("current_subtotal_price", total, currency),
        **money("current_total_discounts", "0.00", currency),
        **money("current_total_price", total, currency),
        **money("current_total_tax", "0.00", currency),
        "customer_locale": "en",
        "discount_codes": [],
        "email": "ada@example.com",
        "estimated_taxes": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "landing_site": "/",
        "location_id": None,
        "merchant_of_record_app_id": None,
        "name": "#1001",
        "note": None,
        "note_attributes": [],
        "number": 1,
        "order_number": 1001,
        "order_status_url": "https://shop.example/1/orders/abc/authenticate?key=def",
        "payment_gateway_names": ["bogus"],
        "presentment_currency": PRESENTMENT,
        "processed_at": "2026-11-20T09:59:58-05:00",
        "reference": None,
        "referring_site": "",
        "source_name": "web",
        **money("subtotal_price", total, currency),
        "tags": "vip, wholesale",
        "tax_exempt": False,
        "tax_lines": [],
        "taxes_included": False,
        "test": False,
        "token": "abc",
        **money("total_discounts", "0.00", currency),
        **money("total_line_items_price", total, currency),
        **money("total_outstanding", "0.00", currency),
        **money("total_price", total, currency),
        "total_shipping_price_set": bag("0.00", currency),
        **money("total_tax", "0.00", currency),
        "total_tip_received": "0.00",
        "total_weight": 200,
        "updated_at": "2026-11-20T10:00:01-05:00",
        "user_id": None,
        "billing_address": None,
        "customer": {
            "id": 7001,
            "created_at": "2025-01-01T00:00:00Z",
            "updated_at": "2026-11-20T10:00:00-05:00",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.com",
            "state": "enabled",
            "note": None,
            "verified_email": True,
            "tax_exempt": False,
            "phone": None,
            "currency": currency,
            "tax_exemptions": [],
            "admin_graphql_api_id": "gid://shopify/Customer/7001",
            "default_address": None,
        },
        "discount_applications": [],
        "fulfillments": [],
        "line_items": [line(14_000_000_000_001, total, currency=currency)],
        "payment_terms": None,
        "refunds": [],
        "shipping_address": None,
        "shipping_lines": [],
        "returns": [],
        **more,
    }


def transaction(amount: str, *, currency: str = "USD", **more: Any) -> dict[str, Any]:
    """A transaction of a refund."""
    return {
        "id": 389_404_469,
        "admin_graphql_api_id": "gid://shopify/OrderTransaction/389404469",
        "amount": amount,
        "authorization": None,
        "created_at": "2026-11-21T10:00:00-05:00",
        "currency": currency,
        "device_id": None,
        "error_code": None,
        "gateway": "bogus",
        "kind": "refund",
        "location_id": None,
        "message": "Transaction approved",
        "order_id": 5_500_000_000_001,
        "parent_id": 801_038_806,
        "payment_id": "c1.1",
        "processed_at": "2026-11-21T10:00:00-05:00",
        "receipt": {},
        "source_name": "web",
        "status": "success",
        "test": True,
        "user_id": None,
        **more,
    }


def refund(
    refund_id: int = 900_000_001, amount: str | None = "20.00", *, order_id: int = 5_500_000_000_001, **more: Any
) -> dict[str, Any]:
    """A refund as `refunds/create` tells of it; an amount of None moved no money."""
    return {
        "id": refund_id,
        "admin_graphql_api_id": f"gid://shopify/Refund/{refund_id}",
        "created_at": "2026-11-21T10:00:00-05:00",
        "note": None,
        "order_id": order_id,
        "processed_at": "2026-11-21T10:00:00-05:00",
        "restock": False,
        "total_duties_set": bag("0.00"),
        "user_id": 548_380_009,
        "order_adjustments": [],
        "transactions": [transaction(amount, order_id=order_id)] if amount is not None else [],
        "refund_line_items": [],
        "duties": [],
        "refund_shipping_lines": [],
        **more,
    }


def refund_line(subtotal: str, tax: str = "0.00", quantity: int = 1) -> dict[str, Any]:
    """A line of a refund."""
    return {
        "id": 104_689_539,
        "line_item_id": 14_000_000_000_001,
        "location_id": None,
        "quantity": quantity,
        "restock_type": "no_restock",
        **money("subtotal", subtotal),
        **money("total_tax", tax),
        "line_item": line(14_000_000_000_001, subtotal),
    }


def adjustment(amount: str, tax: str = "0.00", kind: str = "refund_discrepancy") -> dict[str, Any]:
    """An adjustment of a refund: negative where more went back than its lines say."""
    return {
        "id": 1_030_976_823,
        "kind": kind,
        "order_id": 5_500_000_000_001,
        "reason": "Refund discrepancy",
        "refund_id": 900_000_001,
        **money("amount", amount),
        **money("tax_amount", tax),
    }
