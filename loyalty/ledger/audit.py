"""Proving the ledger: each invariant as one query that returns the rows that lie.

The invariants hold by construction (constraints, a trigger, the verbs) and are proved here from the rows themselves:
`manage.py audit_ledger` prints what this returns.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

MOST = 1_000
"""Rows that are told of one broken invariant."""
_CHECKS: dict[str, str] = {
    "balance is not the sum of its entries": """
        SELECT 'account', a.id, 'entries ' || coalesce(e.points, 0) || ', balances ' || (a.available + a.pending + a.held - a.debt)
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(points) AS points FROM ledger_entry WHERE program_id = %(program)s GROUP BY 1) e
            ON e.account_id = a.id
        WHERE a.program_id = %(program)s AND coalesce(e.points, 0) <> a.available + a.pending + a.held - a.debt""",
    "lots do not hold what the balance says": """
        SELECT 'account', a.id, 'available ' || a.available || ' in lots ' || coalesce(l.available, 0)
            || ', pending ' || a.pending || ' in lots ' || coalesce(l.pending, 0)
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(remaining) FILTER (WHERE state = 'available') AS available,
                          sum(remaining) FILTER (WHERE state = 'pending') AS pending
                   FROM ledger_lot WHERE program_id = %(program)s GROUP BY 1) l ON l.account_id = a.id
        WHERE a.program_id = %(program)s
            AND (coalesce(l.available, 0) <> a.available OR coalesce(l.pending, 0) <> a.pending)""",
    "a lot's remaining points are not its points less what it paid": """
        SELECT 'lot', l.id, l.points || ' - ' || coalesce(c.points, 0) || ' <> ' || l.remaining
        FROM ledger_lot l
        LEFT JOIN (SELECT lot_id, sum(points) AS points FROM ledger_consumption
                   WHERE program_id = %(program)s AND returned_at IS NULL GROUP BY 1) c ON c.lot_id = l.id
        WHERE l.program_id = %(program)s AND l.points - coalesce(c.points, 0) <> l.remaining""",
    "active holds are not what is held": """
        SELECT 'account', a.id, 'held ' || a.held || ', active holds ' || coalesce(h.points, 0)
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(points) AS points FROM ledger_hold
                   WHERE program_id = %(program)s AND state = 'active' GROUP BY 1) h ON h.account_id = a.id
        WHERE a.program_id = %(program)s AND coalesce(h.points, 0) <> a.held""",
    "a hold did not draw its points from lots": """
        SELECT 'hold', h.id, h.points || ' held, drawn ' || coalesce(c.points, 0)
        FROM ledger_hold h
        LEFT JOIN (SELECT hold_id, sum(points) FILTER (WHERE returned_at IS NULL) AS points FROM ledger_consumption
                   WHERE program_id = %(program)s AND hold_id IS NOT NULL GROUP BY 1) c ON c.hold_id = h.id
        WHERE h.program_id = %(program)s
            AND coalesce(c.points, 0) <> CASE WHEN h.state = 'released' OR EXISTS (SELECT 1 FROM ledger_entry r
                WHERE r.reverses_id = h.entry_id AND r.kind = 'return' AND r.account_id = h.account_id)
                THEN 0 ELSE h.points END""",
    "an entry shows an impossible balance or number": """
        SELECT 'entry', e.id, 'balance ' || e.balance_after || ', number ' || e.sequence || ' of ' || a.sequence
        FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
        WHERE e.program_id = %(program)s AND (e.balance_after < 0 OR e.sequence < 1 OR e.sequence > a.sequence)""",
    "the account's last entry is not its newest": """
        SELECT 'account', a.id, 'last ' || coalesce(a.last_entry_id, 0) || ', newest ' || coalesce(e.id, 0)
        FROM ledger_account a
        LEFT JOIN LATERAL (SELECT t.id FROM ledger_entry t WHERE t.account_id = a.id ORDER BY t.sequence DESC LIMIT 1) e ON true
        WHERE a.program_id = %(program)s AND a.last_entry_id IS DISTINCT FROM e.id""",
    "a redemption is not the capture of a hold": """
        SELECT 'entry', e.id, e.points || ' points without their hold'
        FROM ledger_entry e LEFT JOIN ledger_hold h ON h.entry_id = e.id
        WHERE e.program_id = %(program)s AND e.kind = 'redemption' AND (h.id IS NULL OR h.points <> -e.points)""",
    "more was taken back than was granted": """
        SELECT 'entry', e.id, e.points || ' granted, ' || -sum(r.points) || ' taken back'
        FROM ledger_entry e JOIN ledger_entry r ON r.reverses_id = e.id
        WHERE e.program_id = %(program)s GROUP BY e.id, e.points HAVING -sum(r.points) > e.points""",
    "more was returned than was spent": """
        SELECT 'entry', e.id, -e.points || ' spent, ' || sum(r.points) || ' returned'
        FROM ledger_entry e JOIN ledger_entry r ON r.reverses_id = e.id AND r.kind = 'return'
        WHERE e.program_id = %(program)s GROUP BY e.id, e.points HAVING sum(r.points) > -e.points""",
    "a lot and what granted it disagree about being a test": """
        SELECT 'lot', l.id, 'lot ' || l.is_test || ', entry ' || e.is_test
        FROM ledger_lot l JOIN ledger_entry e ON e.id = l.entry_id
        WHERE l.program_id = %(program)s AND e.kind IN ('accrual', 'adjustment', 'opening') AND l.is_test <> e.is_test""",
    "test points are left on an account that has no tests": """
        SELECT 'account', a.id, sum(l.remaining) || ' points of tests'
        FROM ledger_account a JOIN ledger_lot l ON l.account_id = a.id AND l.is_test AND l.remaining > 0
        WHERE a.program_id = %(program)s AND NOT a.has_tests GROUP BY a.id""",
    "an accrual has not exactly one lot of its points": """
        SELECT 'entry', e.id, e.points || ' granted, in lots ' || coalesce(sum(l.points), 0)
        FROM ledger_entry e LEFT JOIN ledger_lot l ON l.entry_id = e.id
        WHERE e.program_id = %(program)s AND (e.kind IN ('accrual', 'opening')
            OR (e.kind = 'adjustment' AND e.points > 0) OR (e.kind = 'merge' AND e.key LIKE '%%:in')
            OR (e.kind = 'return' AND e.account_id <> (SELECT s.account_id FROM ledger_entry s WHERE s.id = e.reverses_id)))
        GROUP BY e.id, e.points HAVING coalesce(sum(l.points), 0) <> e.points""",
}


INVARIANTS = len(_CHECKS)


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that lies: which invariant it breaks, the row, and the figures that disagree."""

    invariant: str
    table: str
    row_id: int
    figures: str


def audit(*, program_id: int) -> list[Finding]:
    """Returns every row of a programme that breaks an invariant; an empty list is the proof.

    Reads one consistent snapshot when the caller's transaction is REPEATABLE READ. Of each invariant the first 1,000 rows
    are told.
    """
    return [finding for number in range(INVARIANTS) for finding in check(program_id=program_id, number=number)]


def check(*, program_id: int, number: int) -> list[Finding]:
    """Returns the rows of a programme that break one invariant, below `INVARIANTS`: one statement, so one snapshot."""
    invariant = list(_CHECKS)[number]
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS[invariant], {"program": program_id})
        return [Finding(invariant, *row) for row in cursor.fetchmany(MOST)]
