"""Orders, as the Admin API shows them."""

import operator
import re
from collections.abc import Callable
from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info
from sandbox.admin_api.nouns import customers, products
from sandbox.admin_api.nouns.metafields import owned
from sandbox.store.database import Record
from sandbox.store.orders import current_total
from sandbox.store.values import gid, gid_parts, money

UPDATED = re.compile(r"updated_at:([<>]=?)['\"]?([0-9T:Z.+-]+)")
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def order(info: Info, id: str) -> dict[str, Any] | None:
    """`order(id:)`; null for an unknown id."""
    context = info.context
    parts = gid_parts(id)
    found = context.database.get(context.domain, "order", parts[1]) if parts and parts[0] == "Order" else None
    return view(context, found) if found else None


def several(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`orders`, oldest first, or by their last change; narrowed by `updated_at:>=` and its like."""
    context = info.context
    found = context.database.list(context.domain, "order")
    if page.get("sortKey") == "UPDATED_AT":
        found.sort(key=lambda item: (item["updated_at"], int(item["id"])))
    terms = UPDATED.findall(query or "")
    found = [item for item in found if all(COMPARE[sign](item["updated_at"], given) for sign, given in terms)]
    return connection([view(context, item) for item in found], page)


def view(context: Context, record: Record) -> dict[str, Any]:
    """Shape an order as GraphQL shows it; totals are in the shop's currency."""
    identity = gid("Order", record["id"])

    def bag(value: str) -> dict[str, Any]:
        both = money(value, record["currency"])
        return {"shopMoney": both, "presentmentMoney": both}

    def lines(info: Info, **page: Any) -> dict[str, Any]:
        return connection([_line(context, line, bag) for line in record["lines"]], page)

    def shipping(info: Info, **page: Any) -> dict[str, Any]:
        prices = {"discountedPriceSet": bag(record["shipping"]), "originalPriceSet": bag(record["shipping"])}
        sent = {"id": gid("ShippingLine", record["id"]), "title": "Standard", **prices, "taxLines": []}
        return connection([sent] if float(record["shipping"]) else [], page)

    def refunds(info: Info, first: int | None = None) -> list[dict[str, Any]]:
        return [_refund(entry, bag) for entry in record["refunds"][:first]]

    def customer(info: Info) -> Any:
        return record["customer_id"] and customers.by_gid(context, gid("Customer", record["customer_id"]))

    return {
        "__typename": "Order",
        "id": identity,
        "legacyResourceId": record["id"],
        "name": record["name"],
        "email": record["email"],
        "customer": customer,
        "createdAt": record["created_at"],
        "processedAt": record["created_at"],
        "updatedAt": record["updated_at"],
        "cancelledAt": record["cancelled_at"],
        "closedAt": None,
        "currencyCode": record["currency"],
        "displayFinancialStatus": record["financial_status"].upper(),
        "discountCodes": record["discount_codes"],
        "note": None,
        "tags": record["tags"],
        "test": record["test"],
        "displayFulfillmentStatus": (record["fulfillment_status"] or "unfulfilled").upper(),
        "sourceName": record["source_name"],
        "taxesIncluded": False,
        "lineItems": lines,
        "shippingLines": shipping,
        "refunds": refunds,
        "totalShippingPriceSet": bag(record["shipping"]),
        "totalTaxSet": bag(record["tax"]),
        "totalTipReceivedSet": bag(record["tip"]),
        "totalPriceSet": bag(record["total"]),
        "subtotalPriceSet": bag(record["subtotal"]),
        "currentTotalPriceSet": bag(str(current_total(record))),
        "currentSubtotalPriceSet": bag(str(float(record["subtotal"]) - float(record["refunded"]))),
        "totalDiscountsSet": bag(record["discounts"]),
        "totalRefundedSet": bag(record["refunded"]),
        **owned(context, identity),
    }


def _line(context: Context, line: Record, bag: Callable[[str], Record]) -> Record:
    """Shape a line of an order. A product that the store's catalogue does not hold is shown by its number alone."""
    product, variant = line["product_id"], line["variant_id"]
    known = {
        "product": context.database.get(context.domain, "product", str(product)),
        "variant": context.database.get(context.domain, "variant", str(variant)),
    }
    return {
        "id": gid("LineItem", line["id"]),
        "title": line["title"],
        "quantity": line["quantity"],
        "isGiftCard": line["gift_card"],
        "product": products.product_view(context, known["product"])
        if known["product"]
        else ({"id": gid("Product", product), "title": line["title"]} if product else None),
        "variant": products.variant_view(context, known["variant"])
        if known["variant"]
        else ({"id": gid("ProductVariant", variant), "title": line["title"]} if variant else None),
        "originalUnitPriceSet": bag(line["price"]),
        "discountAllocations": [{"allocatedAmountSet": bag(line["discount"])}] if float(line["discount"]) else [],
        "taxLines": [{"title": "Tax", "priceSet": bag(line["tax"])}] if float(line["tax"]) else [],
    }


def _refund(entry: Record, bag: Callable[[str], Record]) -> Record:
    """Shape a refund with its one transaction."""
    transaction = {
        "id": gid("OrderTransaction", int(entry["id"]) + 1_000_000_000),
        "kind": "REFUND",
        "status": "SUCCESS",
        "gateway": entry.get("gateway", "bogus"),
        "amountSet": bag(entry["amount"]),
    }
    return {
        "id": gid("Refund", entry["id"]),
        "createdAt": entry["created_at"],
        "processedAt": entry["created_at"],
        "note": None,
        "totalRefundedSet": bag(entry["amount"]),
        "transactions": lambda info, **page: connection([transaction], page),
    }
