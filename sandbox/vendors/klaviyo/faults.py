"""Klaviyo's fault switches, kept with its accounts."""

from sandbox.store.database import Database, Record
from sandbox.vendors.klaviyo import account

FAULTS: Record = {
    "drop_before": 0,  # the next n calls: the connection is closed before any work
    "drop_after": 0,  # the next n calls: the work is done, then the connection is closed
    "server_error": 0,  # the next n calls: 500 before any work
    "throttled": 0,  # the next n calls: 429
    "unauthorized": 0,  # the next n calls, or true: 401
    "cut_body": 0,  # the next n calls: the work is done, the answer's body is broken off
    "retry_after": 1,  # seconds in Retry-After of a forced 429
    "retry_after_as_date": False,  # the same as an HTTP date
    "slow_ms": 0,  # milliseconds before each call is worked on
    "revoked": [],  # private keys that answer 401
    "only": "",  # limits the faults to one endpoint, e.g. events
}


def faults_of(database: Database) -> Record:
    """Read the switches."""
    return {**FAULTS, **(database.get(account.EVERYONE, "faults", "faults") or {})}


def take_fault(database: Database, name: str, endpoint: str) -> bool:
    """Ask whether a fault hits this call, and count it down."""
    with database.transaction():
        faults = faults_of(database)
        left = faults[name]
        if not left or (faults["only"] and faults["only"] != endpoint):
            return False
        if left is not True:
            database.put(account.EVERYONE, "faults", "faults", {**faults, name: left - 1})
    return True
