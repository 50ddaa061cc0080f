"""Telling members that points of theirs are about to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from loyalty.outbox.nudge import nudge_relay
from loyalty.tenancy import program_in_scope

BATCH = 5_000
"""Accounts that one step looks at."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one step did: how many members were told; `last` account id begins the next step, None ends it."""

    last: int | None
    members: int = 0


@transaction.atomic
def remind_some(*, now: datetime, after: int = 0, limit: int = BATCH) -> Reminded:
    """Writes `points.expiring` for the next members of the programme in scope whose points end within 168 hours.

    One event per member in seven of the shop's days, with all lots added up and the first end. Excluded members are told
    nothing. Safe to run twice at once.

    Args:
        after: The last account of the step before; 0 at the beginning.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_id, told FROM ledger_remind(%s, %s, %s, %s)", [program_in_scope(), after, limit, now]
        )
        found = cursor.fetchone()
    if found is None:
        return Reminded(None)
    nudge_relay()
    return Reminded(int(found[0]), int(found[1]))
