"""Points that count towards a tier: what was earned for good, by member, in all time or in a period.

An award counts when its points became spendable, less everything that was ever taken back of it, whenever that was: what
an order brought in one year is not lost from another because it was refunded then. A deduction by hand counts when it was
made. What was brought along from elsewhere counts in the lifetime only: nobody knows when it was earned. Test entries count
until they are cleaned up: a test customer sees tiers work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a set-based query is about: a range of member ids, or some of them by id."""

    first: int = 0
    last: int = 2**63 - 1
    only: Sequence[int] | None = None

    def where(self, column: str) -> str:
        """Returns the condition on a column of member ids, a constant of the code; its values are in `known`."""
        return f"{column} BETWEEN %(first)s AND %(last)s" if self.only is None else f"{column} = ANY(%(only)s)"

    def known(self) -> dict[str, Any]:
        """Returns the values that `where` names."""
        return {"first": self.first, "last": self.last, "only": list(self.only or ())}


EVERYBODY = Members()

_LIFETIME = """
    SELECT a.member_id, a.lifetime AS figure FROM ledger_account a
    WHERE a.program_id = %(program)s AND {account}"""

# A correction says in its details what it wrote off; one that could move nothing left only its key (ledger/journal.py).
# A merge moved a pending lot to a twin, which knows when the points became spendable; the award's own entry stays behind.
_IN_PERIOD = """
    SELECT w.survivor AS member_id, greatest(sum(moved.points), 0) AS figure
    FROM (
        SELECT m.id, m.id AS survivor FROM members_member m
        WHERE m.program_id = %(program)s AND {own}
        UNION ALL
        SELECT m.id, m.merged_into_id FROM members_member m
        WHERE m.program_id = %(program)s AND {merged}
    ) w
    JOIN ledger_account a ON a.member_id = w.id
    CROSS JOIN LATERAL (
        SELECT greatest(e.points - coalesce(taken.points, 0) - coalesce(lost.points, 0), 0) AS points
        FROM ledger_lot l JOIN ledger_entry e ON e.id = l.entry_id
        LEFT JOIN LATERAL (
            SELECT sum(coalesce((r.details ->> 'written_off')::bigint, 0) - r.points) AS points
            FROM ledger_entry r WHERE r.reverses_id = e.id AND r.kind = 'reversal') taken ON true
        LEFT JOIN LATERAL (
            SELECT sum(k.body::bigint) AS points FROM idempotency_record k
            WHERE k.program_id = e.program_id AND k.scope = 'ledger:reversal:' || e.id) lost ON true
        LEFT JOIN LATERAL (
            WITH RECURSIVE hop AS (
                SELECT x.moved_to_id, x.available_at FROM ledger_lot x WHERE x.id = l.moved_to_id
                UNION ALL
                SELECT x.moved_to_id, x.available_at FROM hop h JOIN ledger_lot x ON x.id = h.moved_to_id)
            SELECT max(available_at) AS at FROM hop) later ON l.available_at IS NULL
        WHERE l.account_id = a.id AND e.account_id = a.id AND e.points > 0 AND e.kind IN ('accrual', 'adjustment')
            AND NOT e.details ? 'not_lifetime'
            AND NOT (e.is_test AND e.sequence <= a.cleaned_sequence)
            AND coalesce(l.available_at, later.at) >= %(since)s AND coalesce(l.available_at, later.at) <= %(now)s
        UNION ALL
        SELECT e.points FROM ledger_entry e
        WHERE e.account_id = a.id AND e.kind = 'adjustment' AND e.points < 0 AND NOT e.details ? 'not_lifetime'
            AND NOT (e.is_test AND e.sequence <= a.cleaned_sequence)
            AND e.created_at >= %(since)s AND e.created_at <= %(now)s
    ) moved
    WHERE a.program_id = %(program)s
    GROUP BY 1"""


def earned(
    *, program_id: int, since: datetime | None, now: datetime, members: Members = EVERYBODY
) -> tuple[str, dict[str, Any]]:
    """Returns a query of (member_id, figure) and its parameters, to be used inside a larger statement.

    Args:
        since: The first instant of the period; None is the whole lifetime.
        members: Whom to answer for. Members without points may be left out.
    """
    known = {"program": program_id, "since": since, "now": now, **members.known()}
    if since is None:
        return _LIFETIME.replace("{account}", members.where("a.member_id")), known
    own, merged = members.where("m.id"), members.where("m.merged_into_id")
    return _IN_PERIOD.replace("{own}", own).replace("{merged}", merged), known


def earned_by(*, program_id: int, member_id: int, since: datetime | None, now: datetime) -> int:
    """Returns the points of one member that count, whole points, 0 or more."""
    query, known = earned(program_id=program_id, since=since, now=now, members=Members(member_id, member_id))
    with connection.cursor() as cursor:
        cursor.execute(query, known)
        row = cursor.fetchone()
    return int(row[1]) if row else 0
