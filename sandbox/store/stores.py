"""The stores themselves: seeding them, and their fault switches."""

from typing import Any

from sandbox.store import customers, products
from sandbox.store.database import Database, Record
from sandbox.store.values import instant, now

ALL = "*"  # the shelf that holds the stores

FAULTS: Record = {
    "down": False,  # true: every call answers 503; "closed": the connection is closed without a word
    "slow_ms": 0,  # milliseconds before each call is worked on
    "throttled": 0,  # true, or for the next n calls: THROTTLED
    "lose_answers": 0,  # true, or for the next n mutations: the work is done, then the connection is closed
    "server_error": 0,  # true, or for the next n calls: 500 before any work
    "bulk_waits": False,  # bulk operations stay as they are until the control API says what becomes of them
    "bulk_cut": 0,  # for the next n answers with results of a bulk operation: the connection is closed half-way
    "revoked": False,  # every access token answers 401, and refreshing answers invalid_grant
    "only": "",  # limits the three with numbers to calls of this root field, e.g. discountCodeBasicCreate
}


def put(database: Database, entries: list[Record]) -> int:
    """Create or update stores with their customers and catalogue, in one transaction. Raises ValueError for an unknown key."""
    known = {"domain", "name", "currency", "timezone", "email", "customers", "faults", "optional_scopes", "plan"}
    known |= {"collections", "products"}
    with database.transaction():
        for entry in entries:
            unknown = entry.keys() - known
            if unknown:
                raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
            domain = str(entry["domain"]).lower()
            if not domain.endswith(".myshopify.com"):
                raise ValueError(f"{domain} does not end in .myshopify.com")
            store = database.get(ALL, "store", domain) or _new(database, domain)
            store.update(
                {
                    key: entry[key]
                    for key in ("name", "currency", "timezone", "email", "optional_scopes", "plan")
                    if key in entry
                }
            )
            store["faults"] = _checked_faults(store["faults"], entry.get("faults") or {})
            database.put(ALL, "store", domain, store)
            for customer in entry.get("customers") or []:
                customers.put(database, domain, customer)
            for collection in entry.get("collections") or []:
                products.put_collection(database, domain, collection)
            for product in entry.get("products") or []:
                products.put(database, domain, product)
    return len(entries)


def _new(database: Database, domain: str) -> Record:
    handle = domain.removesuffix(".myshopify.com")
    return {
        "id": str(database.next_number("shop", first=70001)),
        "domain": domain,
        "name": handle.replace("-", " ").title(),
        "email": f"owner@{handle}.example",
        "currency": "USD",
        "timezone": "UTC",
        "installed": True,
        "optional_scopes": [],
        "plan": "growth",
        "created_at": instant(now()),
        "faults": dict(FAULTS),
    }


def get(database: Database, domain: str) -> Record | None:
    """Find a store by its full domain, in any case."""
    return database.get(ALL, "store", domain.lower())


def everyone(database: Database) -> list[Record]:
    """List all stores, in the order they were made."""
    return database.list(ALL, "store")


def change(database: Database, domain: str, **values: Any) -> Record:
    """Change attributes of a store, e.g. `installed`. Raises KeyError for an unknown store."""
    with database.transaction():
        store = get(database, domain)
        if store is None:
            raise KeyError(domain)
        return database.put(ALL, "store", store["domain"], {**store, **values})


def set_faults(database: Database, domain: str, faults: Record) -> Record:
    """Turn fault switches; the ones not named stay. Raises ValueError for an unknown switch."""
    with database.transaction():
        store = get(database, domain)
        if store is None:
            raise KeyError(domain)
        return dict(change(database, domain, faults=_checked_faults(store["faults"], faults))["faults"])


def take_fault(database: Database, domain: str, name: str, operations: list[str]) -> bool:
    """Ask whether a fault hits this call, and count it down when it was set for a number of calls."""
    store = get(database, domain)
    if store is None or not store["faults"].get(name):  # a store that was kept from before may not know it
        return False
    only = store["faults"]["only"]
    if only and only not in operations:
        return False
    with database.transaction():
        store = get(database, domain)
        left = store["faults"][name] if store else 0
        if store is None or not left:
            return False
        if left is not True:
            store["faults"][name] = left - 1
            database.put(ALL, "store", domain, store)
    return True


def _checked_faults(present: Record, changes: Record) -> Record:
    unknown = changes.keys() - FAULTS.keys()
    if unknown:
        raise ValueError(f"unknown fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    return {**FAULTS, **present, **changes}
