"""Customers of a store, as the store keeps them."""

from sandbox.store.database import Database, Record
from sandbox.store.values import instant, now

FIELDS = {"id", "email", "first_name", "last_name", "created_at", "tags", "phone", "note", "state", "address", "locale"}


def put(database: Database, domain: str, given: Record) -> Record:
    """Create or change a customer; `id` is the numeric one and is made when missing.

    Raises ValueError for an unknown key, or an email another customer of the store has (Shopify refuses it too).
    """
    unknown = given.keys() - FIELDS
    if unknown:
        raise ValueError(f"unknown customer key {', '.join(sorted(unknown))}")
    with database.transaction():
        number = str(given.get("id") or database.next_number("customer", first=6_000_000_000_001))
        present = database.get(domain, "customer", number) or {
            "id": number,
            "email": None,
            "first_name": None,
            "last_name": None,
            "phone": None,
            "note": None,
            "tags": [],
            "address": None,  # {"address1", "city", "zip", "country_code"}
            "locale": "en",
            "state": "disabled",  # until they make an account: "enabled"
            "created_at": instant(now()),
        }
        changes = {key: value for key, value in given.items() if key != "id"}
        body = {**present, **changes, "updated_at": instant(now())}
        body["lookup"] = (body["email"] or "").lower() or None
        other = database.lookup(domain, "customer", body["lookup"]) if body["lookup"] else None
        if other and other["id"] != number:
            raise ValueError(f"Email {body['email']} has already been taken")
        return database.put(domain, "customer", number, body)


def tag(database: Database, domain: str, number: str, *, add: list[str], remove: list[str]) -> Record:
    """Add and remove tags: a set without regard to case that keeps the first spelling, in alphabetical order."""
    with database.transaction():
        customer = database.get(domain, "customer", number)
        if customer is None:
            raise KeyError(number)
        tags = {value.lower(): value for value in customer["tags"]}
        for value in add:
            tags.setdefault(value.lower(), value)
        for value in remove:
            tags.pop(value.lower(), None)
        customer.update(tags=[tags[key] for key in sorted(tags)], updated_at=instant(now()))
        return database.put(domain, "customer", number, customer)


def webhook_payload(customer: Record) -> Record:
    """Write a customer as Shopify's webhooks do."""
    return {
        "id": int(customer["id"]),
        "admin_graphql_api_id": f"gid://shopify/Customer/{customer['id']}",
        "email": customer["email"],
        "first_name": customer["first_name"],
        "last_name": customer["last_name"],
        "phone": customer["phone"],
        "note": customer["note"],
        "state": customer.get("state", "disabled"),
        "tags": ", ".join(customer["tags"]),
        "verified_email": True,
        "default_address": customer.get("address"),
        "created_at": customer["created_at"],
        "updated_at": customer["updated_at"],
    }
