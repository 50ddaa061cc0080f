"""Orders and refunds as Shopify's webhooks write them: amounts as text, and bags of the shop's and the buyer's money.

The buyer's money is another currency here on purpose: whoever reads it instead of the shop's is found out.
"""

from decimal import Decimal
from typing import Any

from sandbox.store import customers, orders
from sandbox.store.database import Database, Record
from sandbox.store.values import gid

PRESENTMENT = "GBP"


def webhook_payload(database: Database, domain: str, order: Record) -> Record:
    """Write an order as `orders/*` does."""
    customer = database.get(domain, "customer", order["customer_id"]) if order["customer_id"] else None
    current = orders.current_total(order)
    given_back = Decimal(order["total"]) - current
    is_settled = order["financial_status"] != "pending"

    def money(name: str, value: Any) -> Record:
        return _money(name, value, order["currency"])

    return {
        "id": int(order["id"]),
        "admin_graphql_api_id": gid("Order", order["id"]),
        "app_id": 580111,
        "cancel_reason": "customer" if order["cancelled_at"] else None,
        "cancelled_at": order["cancelled_at"],
        "closed_at": None,
        "confirmed": True,
        "contact_email": order["email"],
        "created_at": order["created_at"],
        "currency": order["currency"],
        **money("current_subtotal_price", max(Decimal(0), Decimal(order["subtotal"]) - given_back)),
        **money("current_total_discounts", order["discounts"]),
        **money("current_total_price", current),
        **money("current_total_tax", order["tax"]),
        "customer": customers.webhook_payload(customer) if customer else None,
        "discount_applications": [],
        "discount_codes": [
            {"code": code, "amount": "0.00", "type": "fixed_amount"} for code in order["discount_codes"]
        ],
        "email": order["email"],
        "financial_status": order["financial_status"],
        "fulfillment_status": order["fulfillment_status"],
        "fulfillments": [],
        "line_items": [_line(line, order) for line in order["lines"]],
        "name": order["name"],
        "note": None,
        "note_attributes": [],
        "number": order["number"] - 1000,
        "order_number": order["number"],
        "payment_gateway_names": ["bogus"] if is_settled else [],
        "presentment_currency": PRESENTMENT,
        "processed_at": order["created_at"],
        "refunds": [refund_payload(order, entry) for entry in order["refunds"]],
        "shipping_lines": [_shipping(order)] if Decimal(order["shipping"]) else [],
        "source_name": order["source_name"],
        **money("subtotal_price", order["subtotal"]),
        "tags": ", ".join(order["tags"]),
        "tax_lines": [_tax(order["tax"], order["currency"])] if Decimal(order["tax"]) else [],
        "taxes_included": False,
        "test": order["test"],
        **money("total_discounts", order["discounts"]),
        **money("total_line_items_price", Decimal(order["subtotal"]) + Decimal(order["discounts"])),
        **money("total_outstanding", "0.00" if is_settled else order["total"]),
        **money("total_price", order["total"]),
        "total_shipping_price_set": _bag(order["shipping"], order["currency"]),
        **money("total_tax", order["tax"]),
        "total_tip_received": order["tip"],
        "updated_at": order["updated_at"],
    }


def refund_payload(order: Record, entry: Record) -> Record:
    """Write a refund as `refunds/create` does: its money, and the adjustment that explains it without lines."""
    transaction = {
        "id": int(entry["id"]) + 1_000_000_000,
        "admin_graphql_api_id": gid("OrderTransaction", int(entry["id"]) + 1_000_000_000),
        "amount": entry["amount"],
        "created_at": entry["created_at"],
        "currency": order["currency"],
        "error_code": None,
        "gateway": entry.get("gateway", "bogus"),
        "kind": "refund",
        "message": "Transaction approved",
        "order_id": int(order["id"]),
        "processed_at": entry["created_at"],
        "receipt": {},
        "status": "success",
        "test": True,
    }
    adjustment = {
        "id": int(entry["id"]) + 2_000_000_000,
        "kind": "refund_discrepancy",
        "order_id": int(order["id"]),
        "reason": "Refund discrepancy",
        "refund_id": int(entry["id"]),
        **_money("amount", -Decimal(entry["amount"]), order["currency"]),
        **_money("tax_amount", "0.00", order["currency"]),
    }
    return {
        "id": int(entry["id"]),
        "admin_graphql_api_id": gid("Refund", entry["id"]),
        "order_id": int(order["id"]),
        "created_at": entry["created_at"],
        "processed_at": entry["created_at"],
        "note": None,
        "restock": False,
        "user_id": 1,
        "total_duties_set": _bag("0.00", order["currency"]),
        "duties": [],
        "order_adjustments": [adjustment],
        "refund_line_items": [],
        "refund_shipping_lines": [],
        "transactions": [transaction],
    }


def _line(line: Record, order: Record) -> Record:
    currency = order["currency"]
    allocation = {"discount_application_index": 0, **_money("amount", line["discount"], currency)}
    return {
        "id": line["id"],
        "admin_graphql_api_id": gid("LineItem", line["id"]),
        "current_quantity": line["quantity"],
        "fulfillable_quantity": 0 if order["fulfillment_status"] else line["quantity"],
        "fulfillment_status": order["fulfillment_status"],
        "gift_card": line["gift_card"],
        "name": line["title"],
        **_money("price", line["price"], currency),
        "product_exists": line["product_id"] is not None,
        "product_id": line["product_id"],
        "properties": [],
        "quantity": line["quantity"],
        "requires_shipping": not line["gift_card"],
        "sku": None,
        "taxable": bool(Decimal(line["tax"])),
        "title": line["title"],
        **_money("total_discount", "0.00", currency),
        "variant_id": line["variant_id"],
        "tax_lines": [_tax(line["tax"], currency)] if Decimal(line["tax"]) else [],
        "duties": [],
        "discount_allocations": [allocation] if Decimal(line["discount"]) else [],
    }


def _shipping(order: Record) -> Record:
    return {
        "id": int(order["id"]) + 5,
        "code": "Standard",
        "title": "Standard",
        "source": "shopify",
        **_money("price", order["shipping"], order["currency"]),
        **_money("discounted_price", order["shipping"], order["currency"]),
        "discount_allocations": [],
        "tax_lines": [],
    }


def _tax(amount: str, currency: str) -> Record:
    return {"title": "Tax", "rate": 0.1, "channel_liable": False, **_money("price", amount, currency)}


def _money(name: str, value: Any, currency: str) -> Record:
    return {name: str(value), f"{name}_set": _bag(value, currency)}


def _bag(value: Any, currency: str) -> Record:
    return {
        "shop_money": {"amount": str(value), "currency_code": currency},
        "presentment_money": {"amount": str(Decimal(str(value)) * 2), "currency_code": PRESENTMENT},
    }
