"""How a connection bears what its vendor does: a circuit that opens, a key that is refused, patience that is asked for.

An open circuit puts deliveries off and fails none: after a few failures in a row one attempt a minute is let through, and
the first that succeeds lets all go on, at the vendor's pace (marketing-platforms facts, section 6).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from loyalty.integrations.models import Connection
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry, Unknown, Waits

FAILURES = 5
"""Attempts in a row that may fail before the circuit opens."""
PROBE_EVERY = timedelta(minutes=1)
TOGETHER, APART = 100, timedelta(seconds=10)
"""How many deliveries wait for the same moment while a vendor is away, and the time to the next of them: a long line is not
looked at whole each minute."""
NOTED_EVERY = timedelta(seconds=10)
"""A success is written down at most this often: all deliveries of a connection would queue at its row."""
REFUSED_KEY = (401, 403)


def closed_until(connection: Connection, *, now: datetime) -> datetime | None:
    """Returns until when nothing may be tried; None lets the caller try, as the one probe of this minute if there is trouble."""
    if connection.waits_until is None:
        return None
    if connection.waits_until > now:
        return connection.waits_until
    until = now + PROBE_EVERY
    mine = Connection.objects.filter(pk=connection.pk, waits_until=connection.waits_until).update(waits_until=until)
    return None if mine else until


def away(error: str, *, after: timedelta) -> Waits:
    """Returns the outcome of a delivery that was not tried, for the vendor is away."""
    return Waits(error=error, after=after, every=APART, together=TOGETHER)


def note(connection: Connection, outcome: Outcome, *, now: datetime) -> None:
    """Writes down what an attempt says of the connection."""
    rows = Connection.objects.filter(pk=connection.pk)
    match outcome:
        case Done():
            _note_success(connection, now)
        case Dead():  # it answers, and refuses this one
            rows.filter(failures_in_row__gt=0).update(failures_in_row=0, waits_until=None)
        case Waits() if outcome.status == 429:
            rows.update(throttled_in_row=F("throttled_in_row") + 1, failures_in_row=0, waits_until=None)
        case Paused() if outcome.status in REFUSED_KEY:
            needs_reconnect(connection, outcome.error, now=now)
        case Paused():
            rows.update(last_error=outcome.error[:500], updated_at=now)
        case Retry() | Unknown():
            rows.update(failures_in_row=F("failures_in_row") + 1, last_error=outcome.error[:500], updated_at=now)
            tired = rows.filter(failures_in_row__gte=FAILURES)
            tired.update(waits_until=now + PROBE_EVERY)


def needs_reconnect(connection: Connection, error: str, *, now: datetime) -> None:
    """Pauses a connection whose key no longer works; the merchant is told, and nothing is lost."""
    Connection.objects.filter(pk=connection.pk, state=Connection.State.ACTIVE).update(
        state=Connection.State.NEEDS_RECONNECT, last_error=error[:500], updated_at=now
    )


def _note_success(connection: Connection, now: datetime) -> None:
    was_in_trouble = connection.failures_in_row or connection.throttled_in_row or connection.last_error
    if not was_in_trouble and connection.last_success_at and now - connection.last_success_at < NOTED_EVERY:
        return
    Connection.objects.filter(pk=connection.pk).update(
        last_success_at=now, last_error="", failures_in_row=0, throttled_in_row=0, waits_until=None
    )
