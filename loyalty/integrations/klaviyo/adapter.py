"""Klaviyo as a destination of the outbox: events, and one profile sync per member."""

from __future__ import annotations

from loyalty.events import EventKind
from loyalty.integrations import operations, queries
from loyalty.integrations.klaviyo import client, mapping
from loyalty.integrations.models import Connection
from loyalty.integrations.state import MemberState, read_state
from loyalty.outbox.ports import Done, Outcome, Paused, Skipped, Telling

VENDOR = Connection.Vendor.KLAVIYO


class _Klaviyo:
    """What both destinations share: the connection, and the member's state at the moment of sending."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether the programme is connected; a connection that needs a new key still queues."""
        return queries.is_known(vendor=VENDOR)

    def deliver(self, telling: Telling) -> Outcome:
        """Sends, unless there is nothing to send or nobody to send it about."""
        connection = queries.connection(vendor=VENDOR)
        if connection is None or connection.credential is None:
            return Skipped(error="Klaviyo is not connected")
        if connection.state == Connection.State.NEEDS_RECONNECT:
            return Paused(error="Klaviyo needs a new key")
        state = read_state(member_id=telling.member_id, now=telling.now) if telling.member_id is not None else None
        if state is None:
            return Skipped(error="The member is gone")
        if state.is_filtered_out:
            return Skipped(error="Test mode keeps this member's news inside")
        if not state.email:
            return Skipped(error="no_email: Klaviyo finds people by e-mail")
        outcome = self.send(telling, state, connection.credential)
        if isinstance(outcome, Paused):
            operations.needs_reconnect(vendor=VENDOR, error=outcome.error, now=telling.now)
        elif isinstance(outcome, Done):
            operations.note_success(vendor=VENDOR, now=telling.now)
        return outcome

    def send(self, telling: Telling, state: MemberState, key: str) -> Outcome:
        """Makes the call; each destination has its own."""
        raise AssertionError("each destination sends in its own way")


class KlaviyoEvents(_Klaviyo):
    """Events, deduplicated by Klaviyo through the event's own id."""

    def send(self, telling: Telling, state: MemberState, key: str) -> Outcome:
        """Sends one event with the member's state."""
        assert telling.kind is not None
        body = mapping.event(
            kind=EventKind(telling.kind),
            payload=telling.payload,
            state=state,
            unique_id=f"{telling.program_id}:{telling.event_id}",
            occurred_at=telling.occurred_at,
            is_test=telling.is_test,
        )
        return client.deliver("events", key=key, body=body, now=telling.now)


class KlaviyoProfiles(_Klaviyo):
    """Profiles: the newest state, whatever happened in between."""

    def send(self, telling: Telling, state: MemberState, key: str) -> Outcome:
        """Sends the member's state."""
        return client.deliver("profile-import", key=key, body=mapping.profile(state=state), now=telling.now)
