"""A marketing platform as destinations of the outbox: its events, in a queue per name, and one profile sync per member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from loyalty.events import EventKind
from loyalty.integrations import friends, naming, profile, queries, trouble
from loyalty.integrations.exchange import Ended, Exchange
from loyalty.integrations.models import GONE, Connection
from loyalty.integrations.naming import Named
from loyalty.integrations.state import MemberState, read_state
from loyalty.integrations.vendor import Person, Told, Vendor
from loyalty.outbox.ports import Dead, Listeners, Outcome, Paused, Retry, Skipped, Telling, Unknown

EARLY = timedelta(seconds=10)
"""How long news of a friend waits for the code that is being made."""


class _Destination:
    """What a vendor's destinations share: the connection, its trouble, and whom it is about."""

    vendor: Vendor

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether the programme is connected; a connection that needs a new key still queues."""
        return queries.is_known(vendor=self.vendor.slug)

    def deliver(self, telling: Telling) -> Outcome:
        """Sends, unless there is nothing to send, nobody to send it about, or it must wait."""
        connection = queries.connection(vendor=self.vendor.slug)
        if connection is None or connection.state in GONE:
            return Skipped(error=f"{self.vendor.label} is not connected")
        if connection.state == Connection.State.NEEDS_RECONNECT:
            return Paused(error=f"{self.vendor.label} needs a new key")
        subject = self.subject(telling, connection)
        if isinstance(subject, Outcome):
            return subject
        until = trouble.closed_until(connection, now=telling.now)
        if until is not None:
            return trouble.away(f"{self.vendor.label} does not answer at the moment", after=until - telling.now)
        outcome = self._probe(telling, connection) or self._send(telling, connection, subject)
        trouble.note(connection, outcome, now=telling.now)
        return outcome

    def subject(self, telling: Telling, connection: Connection) -> Any:
        """Returns what is to be sent, or the outcome when nothing is."""
        raise AssertionError("each destination has its own")

    def say(self, exchange: Exchange, subject: Any) -> None:
        """Sends it."""
        raise AssertionError("each destination has its own")

    def _probe(self, telling: Telling, connection: Connection) -> Outcome | None:
        """Asks a harmless question first while there is trouble; None when it was answered, or there is none.

        A delivery that were the probe itself would use its attempts up, and one that must not come twice would end unclear
        at each.
        """
        if connection.waits_until is None:
            return None
        try:
            self.vendor.client.account_name(exchange_for(self.vendor, connection, now=telling.now))
        except Ended as ended:
            if isinstance(ended.outcome, Retry | Unknown):
                return trouble.away(ended.outcome.error, after=trouble.PROBE_EVERY)
            return None if isinstance(ended.outcome, Dead) else ended.outcome
        return None

    def _send(self, telling: Telling, connection: Connection, subject: Any) -> Outcome:
        exchange = exchange_for(self.vendor, connection, now=telling.now)
        try:
            self.say(exchange, subject)
        except Ended as ended:
            return ended.outcome
        return exchange.done()

    def _member(self, telling: Telling) -> MemberState | Skipped:
        state = read_state(member_id=telling.member_id, now=telling.now) if telling.member_id is not None else None
        if state is None:
            return Skipped(error="The member is gone")
        if state.is_filtered_out:
            return Skipped(error="Test mode keeps this member's news inside")
        return state

    def _absent(self, person: Person) -> Skipped | None:
        if self.vendor.needs_email and not person.email:
            return Skipped(error=f"no_email: {self.vendor.label} finds people by e-mail")
        return None


class VendorEvents(_Destination):
    """The events a merchant has chosen. A destination is the vendor and a queue, as in `klaviyo:events`."""

    @property
    def deduplicates(self) -> bool:
        """Whether the vendor drops a copy."""
        return self.vendor.drops_copies

    def listeners(self, *, program_id: int, kind: EventKind) -> Listeners:
        """Returns the queues in which an event waits, by its payload."""
        connection = queries.connection(vendor=self.vendor.slug)
        chosen = naming.chosen(connection.events, kind) if connection else []

        def heard_in(payload: Mapping[str, Any]) -> Sequence[str]:
            return [f"{self.vendor.slug}:{named.queue}" for named in chosen if named.case(payload)]

        return heard_in

    def subject(self, telling: Telling, connection: Connection) -> Told | Outcome:
        """Returns the event with the state as it is now."""
        named = naming.in_queue(EventKind(telling.kind or ""), telling.destination.partition(":")[2])
        if named is None:
            return Skipped(error="This event is not told any more")
        state = self._member(telling)
        if isinstance(state, Skipped):
            return state
        if named.about_friend:
            return self._about_friend(named, telling)
        person = person_of(state, telling.member_id)
        values = profile.properties(state, sends_birthday=connection.sends_birthday)
        return self._absent(person) or _told(named, telling, person, naming_state=state, state=values)

    def _about_friend(self, named: Named, telling: Telling) -> Told | Outcome:
        friend = friends.read_friend(referral_id=str(telling.payload.get("referral_id")))
        if friend is None:
            return Skipped(error="There is nothing to tell the friend, or they were forgotten")
        if friend.is_early:
            return Paused(error="The friend's code is being made", after=EARLY)
        telling = replace(telling, payload={**telling.payload, **friend.properties})
        return self._absent(friend.person) or _told(named, telling, friend.person)

    def say(self, exchange: Exchange, subject: Told) -> None:
        """Sends one event."""
        self.vendor.client.tell(exchange, subject)


class VendorProfiles(_Destination):
    """Profiles: the newest state, whatever happened in between."""

    deduplicates = True

    def subject(self, telling: Telling, connection: Connection) -> tuple[Person, dict[str, Any]] | Outcome:
        """Returns the member and their state as it is now."""
        state = self._member(telling)
        if isinstance(state, Skipped):
            return state
        person = person_of(state, telling.member_id)
        values = profile.properties(state, sends_birthday=connection.sends_birthday)
        return self._absent(person) or (person, values)

    def say(self, exchange: Exchange, subject: tuple[Person, dict[str, Any]]) -> None:
        """Sends the state."""
        self.vendor.client.mirror(exchange, *subject)


def exchange_for(vendor: Vendor, connection: Connection, *, now: datetime) -> Exchange:
    """Returns an exchange under a connection's key, at its pace."""
    return Exchange(
        vendor, key=connection.credential or "", whose=connection.pk, now=now,
        throttled_in_row=connection.throttled_in_row,
    )  # fmt: skip


def person_of(state: MemberState, member_id: int | None) -> Person:
    """Returns a member as vendors find them."""
    return Person(state.email, state.shopify_customer_id, member_id)


def _told(
    named: Named, telling: Telling, person: Person, *, naming_state: MemberState | None = None,
    state: dict[str, Any] | None = None,
) -> Told:  # fmt: skip
    return Told(
        name=named.name,
        properties=naming.properties_of(named, telling.payload, naming_state, is_test=telling.is_test),
        person=person,
        state=state,
        occurred_at=telling.occurred_at,
        unique_id=f"{telling.program_id}:{telling.event_id}",
    )
