"""From events to deliveries: fan-out, claims under a lease, and how an attempt ends.

Everything is in rows. A message to a worker is only a nudge: losing the broker costs latency, and the sweep finds what
was not sent (reliability facts, section 5).
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty.events import EventKind
from loyalty.outbox.masking import masked, masked_text
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.outbox.ports import (
    Dead,
    Done,
    Listeners,
    ManyDestinations,
    Outcome,
    OwnPace,
    Paused,
    Retry,
    Skipped,
    Subscription,
    Telling,
    Unknown,
    Waits,
    subscription,
    subscriptions,
)
from loyalty.outbox.queueing import LONGEST_WAIT, line_up

BATCH = 500
"""Events one transaction fans out."""
LEASE = timedelta(seconds=60)
"""How long a claim holds: twice an attempt's total deadline."""
DELAYS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 21_600, 86_400))
"""Time before each attempt after the first (±20 %); then the delivery is dead, kept, and can be sent again."""
KEPT_INSIDE = "A test: others hear of tests only where the settings of test mode say so"


@transaction.atomic
def fan_out(*, now: datetime, limit: int = BATCH) -> int:
    """Turns waiting events into one delivery per destination that wants them, and returns how many events that were.

    Set-based, because it competes with the awards for the processor. Several relays share the work without waiting for
    each other.
    """
    hearing = _Hearing()
    with scopes_disabled():
        waiting = Event.objects.filter(fanned_out_at=None).order_by("occurred_at").select_for_update(skip_locked=True)
        events = list(waiting.values_list("pk", "program_id", "kind", "member_id", "payload")[:limit])
        Delivery.objects.bulk_create(
            [
                Delivery(
                    program_id=program_id,
                    event_id=None if row.is_state else pk,
                    destination=destination,
                    subject="" if row.is_state else kind,
                    member_id=member_id,
                    next_attempt_at=now + row.delay,
                    created_at=now,
                )
                for pk, program_id, kind, member_id, payload in events
                for row, listeners in hearing.of(program_id, kind)
                for destination in listeners(payload)
            ],
            ignore_conflicts=True,  # told already, or one sync of this member is waiting: it will read the newest state
        )
        Event.objects.filter(pk__in=[pk for pk, *_ in events]).update(fanned_out_at=now)
    return len(events)


class _Hearing:
    """Who hears what, asked once per batch: a burst is mostly one shop and one kind."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], list[tuple[Subscription, Listeners]]] = {}

    def of(self, program_id: int, kind: str) -> list[tuple[Subscription, Listeners]]:
        """Returns the rows of the table that want such an event of a programme, and which destinations of each."""
        if (program_id, kind) not in self._known:
            with scope(program=program_id):
                self._known[program_id, kind] = [
                    (row, _listeners(row, program_id, EventKind(kind)))
                    for row in subscriptions()
                    if kind in row.kinds and row.adapter.wants(program_id=program_id, kind=EventKind(kind))
                ]
        return self._known[program_id, kind]


def _listeners(row: Subscription, program_id: int, kind: EventKind) -> Listeners:
    if isinstance(row.adapter, ManyDestinations):
        return row.adapter.listeners(program_id=program_id, kind=kind)
    return lambda _payload: (row.destination,)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one attempt, until the lease ends."""

    delivery_id: int
    program_id: int
    lease_number: int


def claim(*, destination: str, now: datetime) -> Claim | None:
    """Claims one due delivery of a destination; committed before the call, so a killed worker can't loop for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE outbox_delivery SET state = 'sending', attempts = attempts + 1, lease_number = lease_number + 1,
                lease_until = %(until)s
            WHERE id = ANY(ARRAY(SELECT id FROM outbox_delivery WHERE state = 'pending' AND next_attempt_at <= %(now)s
                AND destination = %(destination)s ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED))
            RETURNING id, program_id, lease_number""",
            {"now": now, "until": now + LEASE, "destination": destination},
        )
        row = cursor.fetchone()
    return Claim(*row) if row else None


def attempt(*, claim: Claim, now: datetime) -> Outcome:
    """Makes the claimed attempt and writes down how it ended. Whoever comes after the lease changes nothing."""
    with scope(program=claim.program_id):
        delivery = _held(claim).select_related("event", "program").first()
        if delivery is None:
            return Skipped(error="The claim is over")  # the lease ended, or the member was forgotten: nobody is told
        began = time.monotonic()
        outcome = _deliver(delivery, now)
        milliseconds = round((time.monotonic() - began) * 1000)
        with transaction.atomic():
            if _finish(claim, delivery, outcome, now) and not (isinstance(outcome, Waits) and outcome.status is None):
                _log_attempt(delivery, outcome, now, milliseconds=milliseconds)
        if isinstance(outcome, Waits):  # in a transaction of its own: it touches rows that others claim
            line_up(
                program_id=delivery.program_id, destination=delivery.destination,
                since=now + min(outcome.after, LONGEST_WAIT), every=outcome.every, together=outcome.together,
            )  # fmt: skip
    return outcome


def _log_attempt(delivery: Delivery, outcome: Outcome, now: datetime, *, milliseconds: int) -> None:
    Attempt.objects.create(
        program_id=delivery.program_id, delivery=delivery, number=delivery.attempts, at=now, milliseconds=milliseconds,
        outcome=type(outcome).__name__.lower(), status=outcome.status, error=masked_text(outcome.error)[:500],
        response=masked_text(outcome.response[:4096])[:2048],
    )  # fmt: skip


def _deliver(delivery: Delivery, now: datetime) -> Outcome:
    """Tells the destination, unless nobody outside is to hear of it; whatever adapter it has, a test stays inside by itself."""
    row = subscription(delivery.destination)
    is_test = delivery.event is not None and delivery.event.is_test
    if is_test and not delivery.program.sends_test_events and not (row is not None and row.is_inside):
        return Skipped(error=KEPT_INSIDE)
    return row.adapter.deliver(_telling(delivery, now)) if row else Skipped(error="This destination is gone")


def _telling(delivery: Delivery, now: datetime) -> Telling:
    event = delivery.event
    return Telling(
        program_id=delivery.program_id,
        member_id=delivery.member_id,
        delivery_id=delivery.pk,
        event_id=str(event.pk) if event else None,
        kind=event.kind if event else None,
        payload=event.payload if event else {},
        occurred_at=event.occurred_at if event else now,
        sequence=event.sequence if event else None,
        now=now,
        destination=delivery.destination,
        body=delivery.body,
        is_test=event is not None and event.is_test,
    )


def _finish(claim: Claim, delivery: Delivery, outcome: Outcome, now: datetime) -> bool:
    """Writes down how an attempt ended; returns whether the claim still held, else nothing is written."""
    changes: dict[str, Any] = {
        "last_status": outcome.status,
        "last_error": masked_text(outcome.error)[:2000],
        "last_request": masked(outcome.request),
        "last_response": masked_text(outcome.response[:4096])[:2048],
        "lease_until": None,
        **({"body": outcome.body} if outcome.body is not None else {}),
        **_next_state(delivery, outcome, now),
    }
    try:
        with transaction.atomic():
            return bool(_held(claim).update(**changes))
    except IntegrityError:  # a newer sync of this state waits already and will send the newest
        return bool(_held(claim).update(**{**changes, "state": Delivery.State.SKIPPED, "finished_at": now}))


def _held(claim: Claim) -> QuerySet[Delivery]:
    """The claimed delivery, as long as the claim holds."""
    mine = Delivery.objects.filter(pk=claim.delivery_id, state=Delivery.State.SENDING)
    return mine.filter(lease_number=claim.lease_number)


def _next_state(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    match outcome:
        case Done():
            return {"state": Delivery.State.DONE, "finished_at": now}
        case Skipped():
            return {"state": Delivery.State.SKIPPED, "finished_at": now}
        case Dead():
            return {"state": Delivery.State.DEAD, "finished_at": now}
        case Unknown():
            return {"state": Delivery.State.UNKNOWN, "finished_at": now}
        case Paused() | Waits():
            waits = {"state": Delivery.State.PENDING, "next_attempt_at": now + min(outcome.after, LONGEST_WAIT)}
            return {**waits, "attempts": delivery.attempts - 1}
        case Retry():
            scheduled = _delay(delivery)
            if scheduled is None:
                return {"state": Delivery.State.DEAD, "finished_at": now}
            wait = min(outcome.after, LONGEST_WAIT) if outcome.after is not None else scheduled
            return {"state": Delivery.State.PENDING, "next_attempt_at": now + wait}
    raise AssertionError(outcome)


def _delay(delivery: Delivery) -> timedelta | None:
    """The time before the next attempt, by the destination's own schedule or the usual one; None when there is none."""
    row = subscription(delivery.destination)
    if row is not None and isinstance(row.adapter, OwnPace):
        return row.adapter.delay(destination=delivery.destination, attempts=delivery.attempts)
    if delivery.attempts > len(DELAYS):
        return None
    jitter = random.uniform(0.8, 1.2)  # noqa: S311  # no secret
    return DELAYS[delivery.attempts - 1] * jitter / settings.ENCORE_DELIVERY_PACE


def recover_leases(*, now: datetime) -> int:
    """Takes back claims whose worker died: repeated where a second copy is harmless, else `unknown` for a person."""
    recovered = 0
    with scopes_disabled():
        lapsed = list(Delivery.objects.filter(state=Delivery.State.SENDING, lease_until__lt=now)[:BATCH])
    for delivery in lapsed:
        row: Subscription | None = subscription(delivery.destination)
        harmless = row is None or row.adapter.deduplicates
        reason = "The worker stopped in the middle of the attempt"
        claimed = Claim(delivery.pk, delivery.program_id, delivery.lease_number)
        with scope(program=delivery.program_id):
            _finish(claimed, delivery, Retry(error=reason) if harmless else Unknown(error=reason), now)
        recovered += 1
    return recovered


def due_destinations(*, now: datetime, ahead: timedelta = timedelta(0)) -> dict[str, bool]:
    """Returns the destinations with something due by `now + ahead`, and whether some of it is due later than now.

    What waits at a destination's pace is due little by little, between two looks.
    """
    with scopes_disabled():
        due = Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=now + ahead).order_by()
        return dict(due.values_list("destination").annotate(later=BoolOr(Q(next_attempt_at__gt=now))))
