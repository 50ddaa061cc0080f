"""What the accounts of a vendor keep. One account per key; whoever calls without one is `unknown`."""

import uuid
from typing import Any

from sandbox.store.database import Database, Record
from sandbox.vendors.vendor import Kept, Vendor

UNKNOWN = "unknown"
FORBIDDEN = "forbidden"


def shelf(handle: str, key: str) -> str:
    """Name the shelf of an account; the shelf named by the handle alone knows the accounts and the faults."""
    return f"{handle} {key}"


def know_account(database: Database, handle: str, key: str) -> None:
    """Remember that an account exists."""
    database.put(handle, "account", key, {"key": key})


def note_request(database: Database, vendor: Vendor, key: str, entry: Record, *, is_forbidden: bool = False) -> None:
    """Keep one request with its answer."""
    with database.transaction():
        know_account(database, vendor.handle, key)
        for kind in ("request", FORBIDDEN) if is_forbidden else ("request",):
            database.put(shelf(vendor.handle, key), kind, str(uuid.uuid4()), entry)


def accounts(database: Database, vendor: Vendor) -> list[str]:
    """List the keys that ever called."""
    return [item["key"] for item in database.list(vendor.handle, "account")]


def count(database: Database, vendor: Vendor, kind: str) -> int:
    """Count the records of one kind, of all accounts."""
    return sum(database.count(shelf(vendor.handle, key), kind) for key in accounts(database, vendor))


def read(database: Database, vendor: Vendor, key: str | None) -> dict[str, Any]:
    """Collect what the vendor keeps, and the requests: of one account, or of all."""
    keys = [key] if key else accounts(database, vendor)

    def collected(kept: Kept) -> Any:
        found = [item for one in keys for item in database.list(shelf(vendor.handle, one), kept.kind)]
        return {item.get("email") or item["id"]: item for item in found} if kept.by_person else found

    everything = (*vendor.kept, Kept("requests", "request"))
    return {"accounts": keys, **{kept.name: collected(kept) for kept in everything}}


def forget(database: Database, vendor: Vendor) -> None:
    """Forget every account and every counted call, and switch every fault off."""
    with database.transaction():
        for key in accounts(database, vendor):
            for kind in {kept.kind for kept in vendor.kept} | {"request", "setting"}:
                database.delete_all(shelf(vendor.handle, key), kind)
        for kind in ("account", "faults", "script"):
            database.delete_all(vendor.handle, kind)
    vendor.windows.forget()
