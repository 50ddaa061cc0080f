"""Sending a set of deliveries again: at most so many at once, laid out one after the other, so that news goes between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from loyalty.outbox.models import Delivery
from loyalty.outbox.nudge import nudge_relay

MOST = 10_000
"""Deliveries that one call puts back; a caller with more calls again."""
EVERY = timedelta(milliseconds=100)
"""Between one and the next to the same destination: half of what its workers manage, so that what happens now is not kept
waiting. A vendor's own pace is kept besides."""
ENDED = (Delivery.State.DONE, Delivery.State.SKIPPED, Delivery.State.DEAD, Delivery.State.UNKNOWN)
"""States from which a delivery is sent again; what waits or is being sent goes by itself."""
TOLD_ANYWAY = "A newer one tells the state as it is now"

_PUT_BACK = """
WITH chosen AS MATERIALIZED (
    SELECT id, destination, event_id, member_id, created_at FROM outbox_delivery
    WHERE id = ANY(%(ids)s) AND state = ANY(%(ended)s) FOR UPDATE SKIP LOCKED
), judged AS (
    SELECT id, destination, created_at, event_id IS NULL AND (
        row_number() OVER (PARTITION BY destination, member_id, event_id ORDER BY id DESC) > 1
        OR EXISTS (
            SELECT FROM outbox_delivery w WHERE w.program_id = %(program)s AND w.destination = chosen.destination
                AND w.member_id = chosen.member_id AND w.state = 'pending' AND w.event_id IS NULL)
        OR (member_id IS NULL AND EXISTS (
            SELECT FROM outbox_delivery w WHERE w.program_id = %(program)s AND w.destination = chosen.destination
                AND w.member_id IS NULL AND w.state = 'pending' AND w.event_id IS NULL))
    ) AS is_told_anyway
    FROM chosen
), placed AS (
    SELECT id, is_told_anyway,
        row_number() OVER (PARTITION BY destination, is_told_anyway ORDER BY created_at, id) - 1 AS place
    FROM judged
)
UPDATE outbox_delivery d SET
    state = CASE WHEN is_told_anyway THEN 'skipped' ELSE 'pending' END,
    last_error = CASE WHEN is_told_anyway THEN %(told_anyway)s ELSE last_error END,
    finished_at = CASE WHEN is_told_anyway THEN %(now)s END,
    attempts = CASE WHEN is_told_anyway THEN attempts ELSE 0 END,
    next_attempt_at = CASE WHEN is_told_anyway THEN next_attempt_at ELSE %(now)s + place * %(every)s END
FROM placed p WHERE d.id = p.id
RETURNING is_told_anyway"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many are on their way again, and whether there are more to ask for."""

    queued: int
    has_more: bool


def replayable(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Returns those of a set that can be sent again, oldest first."""
    return rows.filter(state__in=ENDED).order_by("created_at", "pk")


def replay(*, rows: QuerySet[Delivery], program_id: int, now: datetime, most: int = MOST) -> Replayed:
    """Puts a set back in the queue with all its attempts, oldest first, each under its event's id.

    What waits already or is being sent is left alone. Of several syncs of one member's state one is sent: it reads the state
    as it is then; the others are skipped, and say so. A repeat puts back what has ended again meanwhile: a caller that goes
    through a large set asks for what ended before it began (`Wanted.ended_before`).
    """
    ids = list(replayable(rows).values_list("pk", flat=True)[: most + 1])
    known: dict[str, Any] = {
        "ids": ids[:most], "program": program_id, "ended": [str(state) for state in ENDED], "now": now, "every": EVERY,
        "told_anyway": TOLD_ANYWAY,
    }  # fmt: skip
    try:
        queued = _put_back(known)
    except IntegrityError:  # a sync of one of these members was queued a moment ago: now it is seen
        queued = _put_back(known)
    nudge_relay()
    return Replayed(queued, len(ids) > most)


@transaction.atomic
def _put_back(known: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, known)
        return sum(not is_told_anyway for (is_told_anyway,) in cursor.fetchall())
