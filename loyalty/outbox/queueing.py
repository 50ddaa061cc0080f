"""Lining up: what is due for a destination that takes no more just now is laid out behind, in one statement.

Without it each of a thousand waiting rows would be claimed, put off and claimed again: a destination that comes back after
a day would find a storm instead of a queue.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

LONGEST_WAIT = timedelta(hours=1)
"""No delivery is put off for longer at once; what would be, is looked at again then."""
AT_ONCE = 10_000
"""Rows one statement moves: what is left of a longer line is due still, and the next claim moves it on."""


def line_up(*, program_id: int, destination: str, since: datetime, every: timedelta, together: int = 1) -> int:
    """Puts what is due for a destination of a programme at the end of its line, one `every` after the other; returns how many.

    A row is moved once, not at each turn: who stands in line already keeps the place, so that a line of a million costs no
    more than what comes due.

    Args:
        since: When the first of the line may go.
        every: Between one and the next.
        together: How many stand in one place.
    """
    known: dict[str, Any] = {"program": program_id, "destination": destination, "since": since, "every": every}
    places = LONGEST_WAIT // every * together if every else 0
    known |= {"longest": LONGEST_WAIT, "places": places, "at_once": AT_ONCE, "together": together}
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH line AS MATERIALIZED (
                SELECT count(*) AS length FROM (
                    SELECT FROM outbox_delivery
                    WHERE state = 'pending' AND program_id = %(program)s AND destination = %(destination)s
                        AND next_attempt_at >= %(since)s AND next_attempt_at <= %(since)s + %(longest)s
                    LIMIT %(places)s
                ) AS places
            ), due AS MATERIALIZED (
                SELECT id, next_attempt_at FROM outbox_delivery
                WHERE state = 'pending' AND program_id = %(program)s AND destination = %(destination)s
                    AND next_attempt_at < %(since)s
                ORDER BY next_attempt_at, id LIMIT %(at_once)s
                FOR UPDATE SKIP LOCKED
            ), placed AS (
                SELECT id, row_number() OVER (ORDER BY next_attempt_at, id) AS place FROM due
            )
            UPDATE outbox_delivery d
            SET next_attempt_at = %(since)s + least((line.length + p.place - 1) / %(together)s * %(every)s, %(longest)s)
            FROM placed p, line WHERE d.id = p.id""",
            known,
        )
        return int(cursor.rowcount)
