"""An order as the Admin API answers it (OrderInFull) → the shape its webhooks have, which one parser reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]


def payload_of(order: Node) -> dict[str, Any]:
    """Returns the order as a webhook would tell of it, with its refunds that moved money.

    A refund that moved none is left out: what it took off shows in what is left of the total.
    """
    customer = order.get("customer")
    return {
        "id": _number(order["id"]),
        "name": order["name"],
        "test": order["test"],
        "created_at": order["createdAt"],
        "processed_at": order["processedAt"],
        "updated_at": order["updatedAt"],
        "cancelled_at": order["cancelledAt"],
        "financial_status": str(order["displayFinancialStatus"] or "").lower(),
        "fulfillment_status": str(order["displayFulfillmentStatus"]).lower(),
        "taxes_included": order["taxesIncluded"],
        "source_name": order["sourceName"],
        "tags": ", ".join(order["tags"]),
        "discount_codes": [{"code": code} for code in order["discountCodes"]],
        "customer": {"id": _number(customer["id"])} if customer else None,
        **_money("total_price", order["totalPriceSet"]),
        **_money("current_total_price", order["currentTotalPriceSet"]),
        **_money("total_discounts", order["totalDiscountsSet"]),
        **_money("total_tax", order["totalTaxSet"]),
        **_money("total_tip_received", order["totalTipReceivedSet"]),
        "line_items": [_line(line) for line in order["lineItems"]["nodes"]],
        "shipping_lines": [
            {**_money("discounted_price", line["discountedPriceSet"]), "tax_lines": _taxes(line)}
            for line in order["shippingLines"]["nodes"]
        ],
        "refunds": [refund for each in order["refunds"] if (refund := _refund(each, order))["transactions"]],
    }


def _line(line: Node) -> dict[str, Any]:
    return {
        "id": _number(line["id"]),
        "quantity": line["quantity"],
        "gift_card": line["isGiftCard"],
        "product_id": _number(line["product"]["id"]) if line["product"] else None,
        "variant_id": _number(line["variant"]["id"]) if line["variant"] else None,
        **_money("price", line["originalUnitPriceSet"]),
        "discount_allocations": [_money("amount", each["allocatedAmountSet"]) for each in line["discountAllocations"]],
        "tax_lines": _taxes(line),
    }


def _taxes(holder: Node) -> list[dict[str, Any]]:
    return [_money("price", each["priceSet"]) for each in holder["taxLines"]]


def _refund(refund: Node, order: Node) -> dict[str, Any]:
    return {
        "id": _number(refund["id"]),
        "order_id": _number(order["id"]),
        "created_at": refund["createdAt"],
        "processed_at": refund["processedAt"],
        "transactions": [
            {
                "kind": str(each["kind"]).lower(),
                "status": str(each["status"]).lower(),
                **_money("amount", each["amountSet"]),
            }
            for each in refund["transactions"]["nodes"]
        ],
    }


def _money(name: str, bag: Node | None) -> dict[str, Any]:
    """A field with its bag, as webhooks spell it; nothing where there is no bag."""
    if bag is None:
        return {}
    money = bag["shopMoney"]
    return {f"{name}_set": {"shop_money": {"amount": money["amount"], "currency_code": money.get("currencyCode")}}}


def _number(gid: str) -> int:
    return int(gid.rpartition("/")[2].partition("?")[0])
