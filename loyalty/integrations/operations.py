"""What may happen to connections."""

from __future__ import annotations

from datetime import datetime

from loyalty.errors import Refusal
from loyalty.integrations.http import NoAnswer, NothingSent, VendorRefusesKey
from loyalty.integrations.klaviyo import client as klaviyo
from loyalty.integrations.models import Connection
from loyalty.outbox.operations import resume
from loyalty.outbox.ports import subscriptions
from loyalty.programs.models import Program

_CLIENTS = {Connection.Vendor.KLAVIYO: klaviyo}
"""The client that tests a vendor's key."""


class KeyRefused(Refusal):
    """The vendor does not accept the key."""

    code = "invalid_field"

    def __init__(self, vendor: str) -> None:
        super().__init__(
            f"{vendor} does not accept this key. Check that it was copied whole and has full access.", field="key"
        )


class VendorUnreachable(Refusal):
    """The key could not be tested, so it was not stored."""

    code = "vendor_unreachable"

    def __init__(self, vendor: str) -> None:
        super().__init__(f"{vendor} did not answer, so the key could not be tested. Try again in a minute.")


def connect(*, program: Program, vendor: str, key: str, now: datetime) -> Connection:
    """Tests a key with the vendor and stores it encrypted; what waited for a new key goes out at once.

    Raises:
        KeyRefused: The vendor does not accept it; nothing was stored.
        VendorUnreachable: The vendor did not answer; nothing was stored.
    """
    key = key.strip()
    label = Connection.Vendor(vendor).label
    try:
        name = _CLIENTS[Connection.Vendor(vendor)].account_name(key=key)
    except VendorRefusesKey as error:
        raise KeyRefused(label) from error
    except (NothingSent, NoAnswer) as error:
        raise VendorUnreachable(label) from error
    stored: Connection
    stored, _ = Connection.objects.update_or_create(
        program=program,
        vendor=vendor,
        defaults={
            "state": Connection.State.ACTIVE, "credential": key, "credential_hint": f"{key[:5]}…{key[-4:]}",
            "account_name": name[:200], "last_error": "", "connected_at": now, "updated_at": now,
        },
    )  # fmt: skip
    resume(destinations=_destinations(vendor), now=now)
    return stored


def disconnect(*, program: Program, vendor: str, now: datetime) -> None:
    """Stops sending and deletes the key. What the vendor already has stays there. Not connected is no change."""
    Connection.objects.filter(program=program, vendor=vendor).update(
        state=Connection.State.DISCONNECTED, credential=None, credential_hint="", updated_at=now
    )


def forget_connections() -> None:
    """Deletes every connection of the programme in scope, its key and account's name with it. None is no change."""
    Connection.objects.all().delete()


def needs_reconnect(*, vendor: str, error: str, now: datetime) -> None:
    """Pauses a connection whose key no longer works; the merchant is told, and nothing is lost."""
    Connection.objects.filter(vendor=vendor, state=Connection.State.ACTIVE).update(
        state=Connection.State.NEEDS_RECONNECT, last_error=error[:500], updated_at=now
    )


def note_success(*, vendor: str, now: datetime) -> None:
    """Notes that something arrived."""
    Connection.objects.filter(vendor=vendor).update(last_success_at=now, last_error="")


def _destinations(vendor: str) -> list[str]:
    return [row.destination for row in subscriptions() if row.destination.startswith(f"{vendor}:")]
