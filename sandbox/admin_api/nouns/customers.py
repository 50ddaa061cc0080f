"""Customers: reading, searching and tagging them."""

import re
from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.admin_api.nouns import store_credit
from sandbox.admin_api.nouns.metafields import owned
from sandbox.store import customers as shelf
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, money

TERM = re.compile(r'(\w+):\s*([<>]=?)?(?:"([^"]*)"|\'([^\']*)\'|(\S+))')
LONGEST_TAG = 255


def customer(info: Info, id: str) -> dict[str, Any] | None:
    """`customer(id:)`; null for an unknown id."""
    return by_gid(info.context, id)


def by_identifier(info: Info, identifier: Record) -> dict[str, Any] | None:
    """`customerByIdentifier`: by id, email address or phone number."""
    context = info.context
    if "id" in identifier:
        return by_gid(context, identifier["id"])
    if "emailAddress" in identifier:
        found = context.database.lookup(context.domain, "customer", identifier["emailAddress"].strip())
    else:
        everyone = context.database.list(context.domain, "customer")
        found = next((item for item in everyone if item["phone"] == identifier["phoneNumber"]), None)
    return found and view(context, found)


def several(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`customers`: by id, narrowed by `email:`, `id:`, `tag:`, `phone:`, `updated_at:`, `created_at:` or words."""
    context = info.context
    if page.get("sortKey") not in (None, "ID"):
        order = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at", "NAME": "last_name"}.get(page["sortKey"], "id")
        found = sorted(context.database.list(context.domain, "customer"), key=lambda item: str(item[order]))
    else:
        found = sorted(context.database.list(context.domain, "customer"), key=lambda item: int(item["id"]))
    return connection([view(context, item) for item in found if _matches(item, query or "")], page)


def by_gid(context: Context, identity: str) -> dict[str, Any] | None:
    """Find a customer by global id."""
    parts = gid_parts(identity)
    found = context.database.get(context.domain, "customer", parts[1]) if parts and parts[0] == "Customer" else None
    return view(context, found) if found else None


def view(context: Context, record: Record) -> dict[str, Any]:
    """Shape a customer as GraphQL shows it."""
    identity, email, phone = gid("Customer", record["id"]), record["email"], record["phone"]
    names = " ".join(part for part in (record["first_name"], record["last_name"]) if part)

    def orders(info: Info, **page: Any) -> Any:
        from sandbox.admin_api.nouns import orders as order_noun  # an order shows its customer, who shows his orders

        context.require_scope("read_orders", "orders")
        found = [item for item in context.database.list(context.domain, "order") if item["customer_id"] == record["id"]]
        return connection([order_noun.view(context, item) for item in found], page)

    def own_orders() -> list[Record]:
        return [item for item in context.database.list(context.domain, "order") if item["customer_id"] == record["id"]]

    return {
        "__typename": "Customer",
        "id": identity,
        "legacyResourceId": record["id"],
        "email": email,
        "firstName": record["first_name"],
        "lastName": record["last_name"],
        "displayName": names or email or phone or "",
        "phone": phone,
        "note": record["note"],
        "tags": record["tags"],
        "state": record.get("state", "disabled").upper(),
        "locale": record.get("locale", "en"),
        "verifiedEmail": True,
        "createdAt": record["created_at"],
        "updatedAt": record["updated_at"],
        "defaultEmailAddress": {"emailAddress": email, "marketingState": "NOT_SUBSCRIBED"} if email else None,
        "defaultPhoneNumber": {"phoneNumber": phone, "marketingState": "NOT_SUBSCRIBED"} if phone else None,
        "defaultAddress": _address(record),
        "numberOfOrders": lambda info: str(len(own_orders())),
        "amountSpent": lambda info: money(
            sum(float(item["total"]) for item in own_orders()), context.store["currency"]
        ),
        "orders": orders,
        **store_credit.owned(context, identity),
        **owned(context, identity),
    }


def _address(record: Record) -> dict[str, Any] | None:
    given = record.get("address")
    if not given:
        return None
    return {
        "id": gid("MailingAddress", f"{record['id']}?model_name=CustomerAddress"),
        "address1": given.get("address1"),
        "address2": given.get("address2"),
        "city": given.get("city"),
        "zip": given.get("zip"),
        "province": given.get("province"),
        "country": given.get("country"),
        "countryCodeV2": given.get("country_code"),
        "phone": given.get("phone"),
    }


def tags_add(info: Info, id: str, tags: list[str]) -> dict[str, Any]:
    """`tagsAdd` on a customer; repeating it changes nothing."""
    return _tags(info.context, "tagsAdd", id, add=tags, remove=[])


def tags_remove(info: Info, id: str, tags: list[str]) -> dict[str, Any]:
    """`tagsRemove` on a customer."""
    return _tags(info.context, "tagsRemove", id, add=[], remove=tags)


def _tags(context: Context, operation: str, identity: str, *, add: list[str], remove: list[str]) -> dict[str, Any]:
    parts = gid_parts(identity)
    if not parts or parts[0] != "Customer":
        return {"node": None, "userErrors": [user_error(["id"], "Taggable does not exist")]}
    context.require_scope("write_customers", operation)
    present = context.database.get(context.domain, "customer", parts[1])
    if present is None:
        return {"node": None, "userErrors": [user_error(["id"], "Customer does not exist")]}
    add = [piece.strip() for value in add for piece in value.split(",")]
    if any(not value or len(value) > LONGEST_TAG for value in add):
        return {"node": None, "userErrors": [user_error(["tags"], "Tags must be between 1 and 255 characters.")]}
    changed = shelf.tag(context.database, context.domain, parts[1], add=add, remove=remove)
    if changed["tags"] != present["tags"]:
        context.changed_customers.append(parts[1])
    return {"node": view(context, changed), "userErrors": []}


def _matches(record: Record, query: str) -> bool:
    """Judge a search as Shopify does, for the terms the sandbox knows; every term must hold (AND)."""
    for name, comparison, *spellings in TERM.findall(query):
        wanted = next((text for text in spellings if text), "")
        if not _term_holds(record, name, comparison, wanted.lower()):
            return False
    rest = [word.lower() for word in TERM.sub("", query).split() if word.upper() != "AND"]
    haystack = " ".join(str(record[key] or "") for key in ("first_name", "last_name", "email", "phone")).lower()
    return all(word in haystack for word in rest)


def _term_holds(record: Record, name: str, comparison: str, wanted: str) -> bool:
    if name in ("created_at", "updated_at"):
        value = str(record[name]).lower()
        return _compares(value, comparison, wanted) if comparison else value.startswith(wanted)
    if name in ("tag", "tags"):
        return wanted in {value.lower() for value in record["tags"]}
    if name == "id":
        return _compares(int(record["id"]), comparison, int(wanted.rsplit("/", 1)[-1] or 0))
    value = str(record.get(name) or "").lower()
    return value.startswith(wanted[:-1]) if wanted.endswith("*") else value == wanted


def _compares(have: Any, comparison: str, wanted: Any) -> bool:
    found = {"<": have < wanted, "<=": have <= wanted, ">": have > wanted, ">=": have >= wanted, "": have == wanted}
    return bool(found[comparison])
