"""Orders, as the Admin API shows them."""

from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info
from sandbox.admin_api.nouns import customers
from sandbox.admin_api.nouns.metafields import owned
from sandbox.store.database import Record
from sandbox.store.orders import current_total
from sandbox.store.values import gid, gid_parts, money


def order(info: Info, id: str) -> dict[str, Any] | None:
    """`order(id:)`; null for an unknown id."""
    context = info.context
    parts = gid_parts(id)
    found = context.database.get(context.domain, "order", parts[1]) if parts and parts[0] == "Order" else None
    return view(context, found) if found else None


def several(info: Info, **page: Any) -> dict[str, Any]:
    """`orders`, oldest first."""
    context = info.context
    return connection([view(context, item) for item in context.database.list(context.domain, "order")], page)


def view(context: Context, record: Record) -> dict[str, Any]:
    """Shape an order as GraphQL shows it; totals are in the shop's currency."""
    identity = gid("Order", record["id"])

    def bag(value: str) -> dict[str, Any]:
        both = money(value, record["currency"])
        return {"shopMoney": both, "presentmentMoney": both}

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
        "tags": [],
        "test": False,
        "totalPriceSet": bag(record["total"]),
        "subtotalPriceSet": bag(record["subtotal"]),
        "currentTotalPriceSet": bag(str(current_total(record))),
        "currentSubtotalPriceSet": bag(str(float(record["subtotal"]) - float(record["refunded"]))),
        "totalDiscountsSet": bag(record["discounts"]),
        "totalRefundedSet": bag(record["refunded"]),
        **owned(context, identity),
    }
