"""What may happen to connections: connected with a key that was tried, set up, tried out, and ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound, Refusal
from loyalty.integrations import leaving, naming, people, syncing
from loyalty.integrations.exchange import Ended, Exchange
from loyalty.integrations.models import GONE, Connection
from loyalty.integrations.trouble import REFUSED_KEY
from loyalty.integrations.vendor import Person, Told, Vendor
from loyalty.integrations.vendors import vendor_named
from loyalty.outbox.operations import resume, withdraw
from loyalty.outbox.ports import Dead, Outcome
from loyalty.programs.models import Program


class KeyRefused(Refusal):
    """The vendor does not accept the key."""

    code = "invalid_field"

    def __init__(self, vendor: str) -> None:
        super().__init__(
            _("%(vendor)s does not accept this key. Check that it was copied whole and has full access.")
            % {"vendor": vendor},
            field="key",
        )


class VendorUnreachable(Refusal):
    """The key could not be tested, so it was not stored."""

    code = "vendor_unreachable"

    def __init__(self, vendor: str) -> None:
        super().__init__(
            _("%(vendor)s did not answer, so the key could not be tested. Try again in a minute.") % {"vendor": vendor}
        )


class NotConnected(NotFound):
    """There is no connection to use."""

    def __init__(self, vendor: str) -> None:
        super().__init__(_("%(vendor)s is not connected") % {"vendor": vendor})


def connect(*, program: Program, vendor: str, key: str, now: datetime) -> Connection:
    """Tests a key with the vendor and stores it encrypted; what waited for a new key goes out at once.

    What was chosen before stays chosen.

    Raises:
        NotFound: There is no such vendor.
        InvalidField: It is no key of this vendor's, by its beginning.
        KeyRefused: The vendor does not accept it; nothing was stored.
        VendorUnreachable: The vendor did not answer; nothing was stored.
    """
    known, key = vendor_named(vendor), key.strip()
    if not key.startswith(known.key.begins_with):
        raise InvalidField("key", _(known.key.refusal))
    credential, name = _tried(known, key, now)
    stored: Connection
    stored, _is_new = Connection.objects.update_or_create(
        program=program,
        vendor=vendor,
        defaults={
            "state": Connection.State.ACTIVE, "credential": credential, "credential_hint": f"{key[:5]}…{key[-4:]}",
            "account_name": name[:200], "last_error": "", "failures_in_row": 0, "throttled_in_row": 0,
            "waits_until": None, "connected_at": now, "updated_at": now,
        },
    )  # fmt: skip
    resume(family=vendor, now=now)
    return stored


def choose(*, vendor: str, events: Iterable[str], sends_birthday: bool, now: datetime) -> Connection:
    """Sets what a connection tells from now on, and whether profiles hold the date of birth.

    Args:
        events: Names of `naming.EVENTS`; in the order of that table they are kept.

    Raises:
        NotConnected: It is not connected.
        InvalidField: There is no such event.
    """
    wanted = set(events)
    if unknown := wanted - naming.EVENTS.keys():
        raise InvalidField("events", _("There is no event '%(min)s'") % {"min": min(unknown)})
    connection = _connected(vendor_named(vendor))
    connection.events = [slug for slug in naming.EVENTS if slug in wanted]
    connection.sends_birthday, connection.updated_at = sends_birthday, now
    connection.save(update_fields=["events", "sends_birthday", "updated_at"])
    return connection


def send_test(*, program: Program, vendor: str, event: str, email: str, now: datetime) -> Outcome:
    """Sends one made-up event to an address of the merchant's own, at once, marked as a test; nothing is stored or repeated.

    Raises:
        NotConnected: It is not connected.
        InvalidField: There is no such event.
    """
    known = vendor_named(vendor)
    connection = _connected(known)
    if event not in naming.EVENTS:
        raise InvalidField("event", _("There is no event '%(event)s'") % {"event": event})
    named = naming.EVENTS[event]
    told = Told(
        name=named.name,
        properties=naming.properties_of(named, named.sample, None, is_test=True),
        person=Person(email=email, shopify_customer_id=None),
        state=None,
        occurred_at=now,
        unique_id=f"{program.pk}:{uuid4()}",
    )
    exchange = Exchange(known, key=connection.credential or "", whose=connection.pk, now=now)
    try:
        known.client.tell(exchange, told)
    except Ended as ended:
        return ended.outcome
    return exchange.done()


def synchronise(*, program: Program, vendor: str, now: datetime) -> None:
    """Begins to write every member's profile at the vendor, in the background; one at a time per vendor.

    Raises:
        NotConnected: It is not connected.
    """
    _connected(vendor_named(vendor))
    syncing.begin(program=program, vendor=vendor, now=now)


def disconnect(*, program: Program, vendor: str, now: datetime, removes_data: bool = False) -> None:
    """Stops sending and deletes the key; what waited is skipped, what the vendor has stays there. Not connected is no change.

    Args:
        removes_data: What Encore wrote onto profiles is cleared first, in the background; the key goes when that is done.
    """
    connection = Connection.objects.filter(vendor=vendor).exclude(state__in=GONE).first()
    if connection is None:
        return
    if removes_data and connection.state == Connection.State.ACTIVE:
        Connection.objects.filter(pk=connection.pk).update(state=Connection.State.LEAVING, updated_at=now)
        leaving.begin(program=program, vendor=vendor, now=now)
    else:
        leaving.forget_key(vendor=vendor, now=now)
    withdraw(family=vendor, reason=f"{vendor_named(vendor).label} was disconnected", now=now)


def forget_connections() -> None:
    """Deletes every connection of the programme in scope, its key and account's name with it. None is no change."""
    Connection.objects.all().delete()
    people.forget()


def forget_members(*, member_ids: Iterable[int]) -> None:
    """Forgets who members are at any vendor."""
    for member_id in member_ids:
        people.forget(member_id=member_id)


def _tried(vendor: Vendor, key: str, now: datetime) -> tuple[str, str]:
    """The credential that the vendor takes, and the account's name."""
    refusal: Exception | None = None
    for credential in vendor.credentials(key):
        try:
            return credential, vendor.client.account_name(Exchange(vendor, key=credential, whose=None, now=now))
        except Ended as ended:
            if ended.outcome.status not in REFUSED_KEY and not isinstance(ended.outcome, Dead):
                raise VendorUnreachable(vendor.label) from ended
            refusal = ended
    raise KeyRefused(vendor.label) from refusal


def _connected(vendor: Vendor) -> Connection:
    found: Connection | None = Connection.objects.filter(vendor=vendor.slug).first()
    if found is None or found.state in GONE:
        raise NotConnected(vendor.label)
    return found
