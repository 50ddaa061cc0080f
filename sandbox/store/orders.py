"""Orders of a store: creating, paying, fulfilling, editing, refunding and cancelling them.

What their webhooks say is in `order_payloads`.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.store.database import Database, Record
from sandbox.store.values import instant, now

FIELDS = {
    "customer_id", "email", "total", "subtotal", "discount_codes", "paid", "lines", "shipping", "tax", "discount", "tip",
    "tags", "source_name", "test", "created_at",
}  # fmt: skip
LINE_FIELDS = {"product_id", "variant_id", "title", "price", "quantity", "discount", "tax", "gift_card"}


def create(database: Database, store: Record, given: Record) -> Record:
    """Create an order; `customer_id` is numeric, amounts are decimal text. A discount code is checked and counted.

    With `lines` the total follows from them; else one line makes up the `total`. `shipping`, `tax`, `discount` and `tip`
    are parts of it. Raises ValueError for an unknown key, customer or code, or a code that may not be used.
    """
    unknown = given.keys() - FIELDS
    if unknown:
        raise ValueError(f"unknown order key {', '.join(sorted(unknown))}")
    domain, moment = store["domain"], instant(now())
    with database.transaction():
        customer = database.get(domain, "customer", str(given["customer_id"])) if given.get("customer_id") else None
        if given.get("customer_id") and customer is None:
            raise ValueError(f"There is no customer {given['customer_id']}")
        parts = {name: _amount(given.get(name), name) for name in ("shipping", "tax", "discount", "tip")}
        lines = _lines(database, domain, given, parts)
        goods = sum((_total_of(line) for line in lines), Decimal(0))
        total = goods + parts["shipping"] + parts["tip"] + sum((Decimal(line["tax"]) for line in lines), Decimal(0))
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
            "subtotal": str(goods),
            "shipping": str(parts["shipping"]),
            "tax": str(sum((Decimal(line["tax"]) for line in lines), Decimal(0))),
            "tip": str(parts["tip"]),
            "discounts": str(sum((Decimal(line["discount"]) for line in lines), Decimal(0))),
            "lines": lines,
            "tags": list(given.get("tags") or []),
            "source_name": str(given.get("source_name") or "web"),
            "test": bool(given.get("test")),
            "refunded": "0",
            "edited": "0",
            "fulfillment_status": None,
            "refunds": [],
            "discount_codes": list(given.get("discount_codes") or []),
            "financial_status": "paid" if given.get("paid") else "pending",
            "cancelled_at": None,
            "created_at": given.get("created_at") or moment,
            "updated_at": moment,
        }
        return database.put(domain, "order", order["id"], order)


def pay(database: Database, domain: str, number: str) -> Record:
    """Mark an order as paid. Raises KeyError for an unknown one, ValueError when it cannot be."""
    order = _open(database, domain, number)
    if order["financial_status"] != "pending":
        raise ValueError(f"Order {order['name']} is {order['financial_status']} already")
    return _save(database, domain, {**order, "financial_status": "paid"})


def fulfil(database: Database, domain: str, number: str) -> Record:
    """Send everything of an order."""
    order = _open(database, domain, number)
    if order["fulfillment_status"] == "fulfilled":
        raise ValueError(f"Order {order['name']} is fulfilled already")
    return _save(database, domain, {**order, "fulfillment_status": "fulfilled"})


def edit(database: Database, domain: str, number: str, amount: str | None) -> Record:
    """Take goods worth an amount off an order; the money for them is refunded by a refund of its own."""
    order = _open(database, domain, number)
    taken, current = _amount(amount, "amount"), current_total(order)
    if not 0 < taken <= current:
        raise ValueError(f"Order {order['name']} cannot be lowered by {taken}")
    return _save(database, domain, {**order, "edited": str(Decimal(order["total"]) - current + taken)})


def current_total(order: Record) -> Decimal:
    """Say what is left of the total after edits and refunds; the money for an edit does not lower it again."""
    return Decimal(order["total"]) - max(Decimal(order["refunded"]), Decimal(order.get("edited") or "0"))


def refund(
    database: Database, domain: str, number: str, amount: str | None, *, to_store_credit: bool = False
) -> tuple[Record, Record]:
    """Refund an order, wholly or in part. Gives the order and the refund."""
    order = _open(database, domain, number)
    left = Decimal(order["total"]) - Decimal(order["refunded"])
    wanted = Decimal(str(amount)) if amount else left
    if order["financial_status"] not in ("paid", "partially_refunded") or not 0 < wanted <= left:
        raise ValueError(f"Order {order['name']} cannot be refunded by {wanted}")
    entry: Record = {"id": str(database.next_number("refund", first=900_000_001)), "amount": str(wanted)}
    entry |= {"created_at": instant(now()), "gateway": "shopify_store_credit" if to_store_credit else "bogus"}
    status = "refunded" if wanted == left else "partially_refunded"
    refunded = str(Decimal(order["refunded"]) + wanted)
    changed = {**order, "refunded": refunded, "refunds": [*order["refunds"], entry], "financial_status": status}
    return _save(database, domain, changed), entry


def cancel(database: Database, domain: str, number: str) -> Record:
    """Cancel an order."""
    return _save(database, domain, {**_open(database, domain, number), "cancelled_at": instant(now())})


def hand_over(database: Database, domain: str, customer: str, to: str | None) -> None:
    """Give a customer's orders to another one, or to nobody."""
    for order in database.list(domain, "order"):
        if order["customer_id"] == customer:
            _save(database, domain, {**order, "customer_id": to})


def _amount(value: Any, name: str) -> Decimal:
    try:
        found = Decimal(str(value or "0"))
    except InvalidOperation:
        raise ValueError(f"{name} must be an amount") from None
    if not found.is_finite() or found < 0:
        raise ValueError(f"{name} must be an amount")
    return found


def _total_of(line: Record) -> Decimal:
    """Say what a line costs after its discounts, without tax."""
    return Decimal(line["price"]) * int(line["quantity"]) - Decimal(line["discount"])


def _lines(database: Database, domain: str, given: Record, parts: dict[str, Decimal]) -> list[Record]:
    """Give the order's lines; one that makes up the total where none are given. A product of the catalogue has its name."""
    wanted: list[Record] = given.get("lines") or []
    if not wanted:
        total, subtotal = _amount(given.get("total"), "total"), given.get("subtotal")
        if subtotal:  # what is neither goods nor tax nor tip is shipping
            parts["shipping"] = max(Decimal(0), total - _amount(subtotal, "subtotal") - parts["tax"] - parts["tip"])
        price = total - parts["shipping"] - parts["tax"] - parts["tip"] + parts["discount"]
        wanted = [{"price": str(price), "discount": str(parts["discount"]), "tax": str(parts["tax"])}]
    elif parts["tax"] or parts["discount"]:
        raise ValueError("With lines, tax and discount are given per line")
    found = []
    for line in wanted:
        unknown = line.keys() - LINE_FIELDS
        if unknown:
            raise ValueError(f"unknown line key {', '.join(sorted(unknown))}")
        number = database.next_number("line", first=14_000_000_000_001)
        usual = {"product_id": None, "variant_id": None, "title": "Sandbox product", "gift_card": False, "quantity": 1}
        product = database.get(domain, "product", str(line.get("product_id")))
        usual |= {"title": product["title"]} if product else {}
        amounts = {name: str(_amount(line.get(name), name)) for name in ("price", "discount", "tax")}
        found.append({**usual, **line, **amounts, "id": number})
    return found


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
