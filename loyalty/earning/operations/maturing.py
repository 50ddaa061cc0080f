"""Awards whose time of waiting is over, approved in sets."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from loyalty.earning.models import Award
from loyalty.earning.operations.approval import approve_if_member
from loyalty.ledger import operations as ledger
from loyalty.outbox.nudge import nudge_relay
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.models import Program
from loyalty.tenancy import program_in_scope
from loyalty.tiers.operations import requalify_all
from loyalty.tiers.queries import misplaced_among

_log = logging.getLogger(__name__)
BATCH = 2_000
"""Awards that one step looks at; their accounts are locked together for less than a second."""

_DUE = """SELECT w.id, a.id, w.due_at FROM earning_award w
    JOIN members_member m ON m.id = w.member_id JOIN ledger_account a ON a.member_id = w.member_id
    WHERE w.program_id = %s AND w.status = 'pending' AND w.entry_id IS NOT NULL AND w.due_at <= %s
        AND (w.due_at, w.id) > (%s, %s) AND m.status = 'member' ORDER BY w.due_at, w.id LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Approved:
    """What one step did: how many awards; `cursor` begins the next step, None ends it."""

    cursor: str | None
    awards: int = 0


def approve_due(*, now: datetime, limit: int = BATCH) -> int:
    """Approves the awards of the programme in scope whose time has come, step by step, and returns how many."""
    approved, cursor = 0, ""
    while True:
        step = approve_some(now=now, cursor=cursor, limit=limit)
        approved += step.awards
        if step.cursor is None:
            return approved
        cursor = step.cursor


def approve_some(*, now: datetime, cursor: str = "", limit: int = BATCH) -> Approved:
    """Approves the next of the awards whose time has come, in sets, each account under its lock.

    Safe to run twice at once. Members who are excluded wait until they take part again. One award that can't be approved
    is logged and left for the next run; it holds nobody up.

    Args:
        cursor: What the step before returned; "" at the beginning.
        limit: How many awards to look at.
    """
    program = Program.objects.get(pk=program_in_scope())
    due_at, last = json.loads(cursor) if cursor else ("-infinity", 0)
    with connection.cursor() as rows:
        rows.execute(_DUE, [program.pk, now, due_at, last, limit])
        due = rows.fetchall()
    if not due:
        return Approved(None)
    awards = [award_id for award_id, _, _ in due]
    done: set[int] = set()
    try:
        done = _approve(program, awards, [account_id for _, account_id, _ in due], now)
    except Exception:  # whatever it is: the one that cannot be approved must not hold the others up
        _log.exception("a set of %s awards could not be approved at once", len(awards))
    approved = len(done)
    rest = Award.objects.filter(pk__in=set(awards) - done, status=Award.Status.PENDING).order_by("due_at", "pk")
    for public_id in list(rest.values_list("public_id", flat=True)):
        try:
            approved += approve_if_member(public_id=public_id, now=now)
        except Exception:
            _log.exception("award %s could not be approved", public_id)
    return Approved(json.dumps([due[-1][2].isoformat(), due[-1][0]]), approved)


@transaction.atomic
def _approve(program: Program, awards: list[int], accounts: list[int], now: datetime) -> set[int]:
    """Approves what can be approved in a set, places members whose tier that changes, and returns the awards."""
    ledger.lock_and_expire(program_id=program.pk, account_ids=accounts, now=now)
    expires_at = end_of_day_after(now, days=program.expiry_days, zone=program.zone) if program.expiry_days else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT award_id, member_id FROM earning_approve_set(%s, %s, %s, %s)", [program.pk, awards, expires_at, now]
        )
        done = dict(cursor.fetchall())
    wrong = misplaced_among(program=program, member_ids=sorted(set(done.values())), now=now)
    requalify_all(member_ids=wrong, now=now)
    nudge_relay()
    return set(done)
