"""The fault switches every vendor has, and the seeded script that strikes by chance."""

import random
from typing import Any

from sandbox.control.access import ControlError
from sandbox.store.database import Database, Record
from sandbox.vendors.vendor import Vendor

FAULTS: Record = {
    "drop_before": 0,  # the next n calls, or true: the connection is closed before any work
    "drop_after": 0,  # the next n calls that succeed: the work is done, then the connection is closed
    "server_error": 0,  # 500 before any work
    "throttled": 0,  # 429
    "unauthorized": 0,  # 401
    "forbidden": 0,  # 403
    "refused": 0,  # 400 in the vendor's shape
    "retired": 0,  # 410: the version is no more
    "cut_body": 0,  # the next n calls that succeed: the work is done, the answer's body is broken off
    "retry_after": 1,  # seconds a forced 429 asks for, where the vendor says any
    "unlimited": False,  # the rate windows count, and refuse nobody
    "slow_ms": 0,  # milliseconds before each call is worked on
    "revoked": [],  # keys that answer 401
    "only": "",  # limits the faults to one endpoint, e.g. events
    "seed": 0,  # which calls the script strikes; setting it begins the script again
    "fail_rate": 0,  # the share of calls the script strikes, 0 to 1
    "fail_with": ["drop_before", "drop_after", "server_error", "throttled", "cut_body"],  # with which of these
}
SCRIPTED = tuple(FAULTS["fail_with"])
BEFORE = ("unauthorized", "forbidden", "retired", "server_error", "throttled", "refused")
AFTER = ("drop_after", "cut_body")


def faults_of(database: Database, vendor: Vendor) -> Record:
    """Read the switches."""
    return {**FAULTS, **vendor.own_faults, **(database.get(vendor.handle, "faults", "faults") or {})}


def switch(database: Database, vendor: Vendor, changes: Any) -> Record:
    """Turn switches; gives all of them. Raises ControlError for one there is not, or a script that cannot be."""
    if not isinstance(changes, dict):
        raise ControlError(400, "the faults must be an object")
    there_are = {**FAULTS, **vendor.own_faults}
    if unknown := changes.keys() - there_are.keys():
        raise ControlError(400, f"unknown fault {', '.join(sorted(unknown))}; there are {', '.join(there_are)}")
    rate, chosen = changes.get("fail_rate", 0), changes.get("fail_with", SCRIPTED)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
        raise ControlError(400, "fail_rate must be a number from 0 to 1")
    if not isinstance(chosen, list | tuple) or not chosen or any(name not in SCRIPTED for name in chosen):
        raise ControlError(400, f"fail_with must be a list out of {', '.join(SCRIPTED)}")
    with database.transaction():
        faults = database.put(vendor.handle, "faults", "faults", {**faults_of(database, vendor), **changes})
        if "seed" in changes:
            database.delete_all(vendor.handle, "script")
    return faults


def strike(database: Database, vendor: Vendor, endpoint: str, key: str) -> str:
    """Name the fault that hits this call before or after its work, and count it down; empty when none does.

    Of the switches, only those that strike before the work: the others wait for a call that succeeds (`strike_after`).
    """
    with database.transaction():
        faults = faults_of(database, vendor)
        if dropped := _due(database, vendor, faults, ("drop_before",), endpoint):
            return dropped
        if key in faults["revoked"]:
            return "revoked"
        return _due(database, vendor, faults, BEFORE, endpoint) or _drawn(database, vendor, faults, endpoint)


def strike_after(database: Database, vendor: Vendor, endpoint: str) -> str:
    """Name the fault that hits a call that succeeded, and count it down; empty when none does."""
    with database.transaction():
        return _due(database, vendor, faults_of(database, vendor), AFTER, endpoint)


def _due(database: Database, vendor: Vendor, faults: Record, names: tuple[str, ...], endpoint: str) -> str:
    if faults["only"] not in ("", endpoint):
        return ""
    for name in names:
        if faults[name]:
            if faults[name] is not True:
                database.put(vendor.handle, "faults", "faults", {**faults, name: faults[name] - 1})
            return name
    return ""


def _drawn(database: Database, vendor: Vendor, faults: Record, endpoint: str) -> str:
    """Draw by the seed and the number of the call: the same calls are struck whatever became of those before."""
    if not faults["fail_rate"] or faults["only"] not in ("", endpoint):
        return ""
    number = (database.get(vendor.handle, "script", "script") or {"calls": 0})["calls"]
    database.put(vendor.handle, "script", "script", {"calls": number + 1})
    chance = random.Random(f"{faults['seed']} {number}")  # noqa: S311 — a script of faults, no secret
    return str(chance.choice(faults["fail_with"])) if chance.random() < faults["fail_rate"] else ""
