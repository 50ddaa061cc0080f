"""Orders of a store: creating, paying, refunding and cancelling them, with Shopify's webhook payloads."""

from decimal import Decimal

from sandbox.store import customers
from sandbox.store.database import Database, Record
from sandbox.store.values import gid, instant, now

FIELDS = {"customer_id", "email", "total", "subtotal", "discount_codes", "paid"}


def create(database: Database, store: Record, given: Record) -> Record:
    """Create an order; `customer_id` is numeric, `total` decimal text. A discount code is checked and counted.

    Raises ValueError for an unknown key, customer or code, or a code that may not be used.
    """
    unknown = given.keys() - FIELDS
    if unknown:
        raise ValueError(f"unknown order key {', '.join(sorted(unknown))}")
    domain, moment = store["domain"], instant(now())
    with database.transaction():
        customer = database.get(domain, "customer", str(given["customer_id"])) if given.get("customer_id") else None
        if given.get("customer_id") and customer is None:
            raise ValueError(f"There is no customer {given['customer_id']}")
        total = Decimal(str(given.get("total") or "0"))
        if total <= 0:
            raise ValueError("The total must be a positive amount")
        for code in given.get("discount_codes") or []:
            _use_code(database, domain, code, customer, total)
        number = database.next_number(f"order {domain}", first=1001)
        order = {
            "id": str(database.next_number("order", first=5_500_000_000_001)),
            "name": f"#{number}",
            "number": number,
            "customer_id": customer["id"] if customer else None,
            "email": given.get("email") or (customer["email"] if customer else None),
            "currency": store["currency"],
            "total": str(total),
            "subtotal": str(given.get("subtotal") or total),
            "discounts": "0",
            "refunded": "0",
            "refunds": [],
            "discount_codes": list(given.get("discount_codes") or []),
            "financial_status": "paid" if given.get("paid") else "pending",
            "cancelled_at": None,
            "created_at": moment,
            "updated_at": moment,
        }
        return database.put(domain, "order", order["id"], order)


def pay(database: Database, domain: str, number: str) -> Record:
    """Mark an order as paid. Raises KeyError for an unknown one, ValueError when it cannot be."""
    order = _open(database, domain, number)
    if order["financial_status"] != "pending":
        raise ValueError(f"Order {order['name']} is {order['financial_status']} already")
    return _save(database, domain, {**order, "financial_status": "paid"})


def refund(database: Database, domain: str, number: str, amount: str | None) -> tuple[Record, Record]:
    """Refund an order, wholly or in part. Gives the order and the refund."""
    order = _open(database, domain, number)
    left = Decimal(order["total"]) - Decimal(order["refunded"])
    wanted = Decimal(str(amount)) if amount else left
    if order["financial_status"] not in ("paid", "partially_refunded") or not 0 < wanted <= left:
        raise ValueError(f"Order {order['name']} cannot be refunded by {wanted}")
    entry = {"id": str(database.next_number("refund", first=900_000_001)), "amount": str(wanted)}
    entry["created_at"] = instant(now())
    status = "refunded" if wanted == left else "partially_refunded"
    refunded = str(Decimal(order["refunded"]) + wanted)
    changed = {**order, "refunded": refunded, "refunds": [*order["refunds"], entry], "financial_status": status}
    return _save(database, domain, changed), entry


def cancel(database: Database, domain: str, number: str) -> Record:
    """Cancel an order."""
    return _save(database, domain, {**_open(database, domain, number), "cancelled_at": instant(now())})


def webhook_payload(database: Database, domain: str, order: Record) -> Record:
    """Write an order as Shopify's webhooks do."""
    customer = database.get(domain, "customer", order["customer_id"]) if order["customer_id"] else None
    return {
        "id": int(order["id"]),
        "admin_graphql_api_id": gid("Order", order["id"]),
        "name": order["name"],
        "order_number": order["number"],
        "email": order["email"],
        "currency": order["currency"],
        "total_price": order["total"],
        "subtotal_price": order["subtotal"],
        "current_total_price": str(Decimal(order["total"]) - Decimal(order["refunded"])),
        "current_subtotal_price": str(Decimal(order["subtotal"]) - Decimal(order["refunded"])),
        "total_discounts": order["discounts"],
        "financial_status": order["financial_status"],
        "cancelled_at": order["cancelled_at"],
        "created_at": order["created_at"],
        "updated_at": order["updated_at"],
        "processed_at": order["created_at"],
        "test": False,
        "discount_codes": [
            {"code": code, "amount": "0.00", "type": "fixed_amount"} for code in order["discount_codes"]
        ],
        "line_items": [
            {"id": int(order["id"]) + 1, "title": "Sandbox product", "quantity": 1, "price": order["subtotal"]}
        ],
        "refunds": [],
        "customer": customers.webhook_payload(customer) if customer else None,
    }


def refund_payload(order: Record, entry: Record) -> Record:
    """Write a refund as `refunds/create` does."""
    transaction = {"id": int(entry["id"]) + 1, "order_id": int(order["id"]), "kind": "refund", "status": "success"}
    return {
        "id": int(entry["id"]),
        "admin_graphql_api_id": gid("Refund", entry["id"]),
        "order_id": int(order["id"]),
        "created_at": entry["created_at"],
        "processed_at": entry["created_at"],
        "note": None,
        "refund_line_items": [],
        "transactions": [{**transaction, "amount": entry["amount"], "currency": order["currency"]}],
    }


def _open(database: Database, domain: str, number: str) -> Record:
    order = database.get(domain, "order", number)
    if order is None:
        raise KeyError(number)
    if order["cancelled_at"]:
        raise ValueError(f"Order {order['name']} is cancelled")
    return order


def _save(database: Database, domain: str, order: Record) -> Record:
    return database.put(domain, "order", order["id"], {**order, "updated_at": instant(now())})


def _use_code(database: Database, domain: str, code: str, customer: Record | None, total: Decimal) -> None:
    """Count one use of a code, if it may be used by this customer on this order."""
    found = database.lookup(domain, "discount", code)
    moment = instant(now())
    if found is None or found["starts_at"] > moment or (found["ends_at"] and found["ends_at"] <= moment):
        raise ValueError(f"The code {code} is not valid")
    if found["customer_ids"] and (customer is None or customer["id"] not in found["customer_ids"]):
        raise ValueError(f"The code {code} belongs to another customer")
    if found["usage_limit"] is not None and found["usage_count"] >= found["usage_limit"]:
        raise ValueError(f"The code {code} has been used")
    if found["minimum_subtotal"] is not None and total < Decimal(found["minimum_subtotal"]):
        raise ValueError(f"The code {code} needs an order of {found['minimum_subtotal']}")
    database.put(domain, "discount", found["id"], {**found, "usage_count": found["usage_count"] + 1})
