"""An order as a bulk query tells of it (ChangedOrders) → the shape its webhooks have, which one parser reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Node = Mapping[str, Any]


def payload_of(order: Node, children: Sequence[Node]) -> dict[str, Any]:
    """Returns the order as a webhook would tell of it, with its refunds that moved money.

    A refund that moved none (yet) is left out: what it took off shows in what is left of the total.

    Args:
        children: Its lines and shipping lines, as they follow it in the results.
    """
    customer = order["customer"]
    lines = [child for child in children if _kind(child) == "LineItem"]
    shipping_lines = [child for child in children if _kind(child) == "ShippingLine"]
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
        "line_items": [_line(line) for line in lines],
        "shipping_lines": [
            {**_money("discounted_price", line["discountedPriceSet"]), "tax_lines": _taxes(line)}
            for line in shipping_lines
        ],
        "refunds": [_refund(each, order) for each in order["refunds"] if _amount(each["totalRefundedSet"]) > 0],
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
        "transactions": [{"kind": "refund", "status": "success", **_money("amount", refund["totalRefundedSet"])}],
    }


def _amount(bag: Node) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def _money(name: str, bag: Node | None) -> dict[str, Any]:
    """A field with its bag, as webhooks spell it; nothing where there is no bag."""
    if bag is None:
        return {}
    money = bag["shopMoney"]
    return {f"{name}_set": {"shop_money": {"amount": money["amount"], "currency_code": money.get("currencyCode")}}}


def _kind(node: Node) -> str:
    """What a node is, by its global id."""
    return str(node["id"]).split("/")[-2]


def _number(gid: str) -> int:
    return int(gid.rpartition("/")[2].partition("?")[0])
