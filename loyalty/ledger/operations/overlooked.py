"""What a refund could not take because a test had the member's points at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

# Each real correction that wrote something off since the last clean-up, and what tests held of the member's own points at
# that instant. A correction that could move nothing has left only its key (ledger/journal.py).
_WRITTEN_OFF = """
    WITH written AS (
        SELECT r.created_at AS at, r.id AS place, r.reverses_id AS entry_id, (r.details ->> 'written_off')::bigint AS points
        FROM ledger_entry r JOIN ledger_account a ON a.id = r.account_id
        WHERE a.id = ANY(%(accounts)s) AND r.kind = 'reversal' AND NOT r.is_test AND r.sequence > a.cleaned_sequence
            AND (r.details ->> 'written_off')::bigint > 0
        UNION ALL
        SELECT k.created_at, k.id, e.id, k.body::bigint
        FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
        JOIN idempotency_record k ON k.program_id = e.program_id AND k.scope = 'ledger:reversal:' || e.id
        WHERE a.id = ANY(%(accounts)s) AND NOT e.is_test AND e.kind IN ('accrual', 'adjustment') AND k.body::bigint > 0
            AND k.created_at > coalesce((SELECT x.created_at FROM ledger_entry x
                WHERE x.account_id = a.id AND x.sequence = a.cleaned_sequence), '-infinity')
    )
    SELECT w.entry_id, w.points, (
        SELECT coalesce(sum(c.points), 0) FROM ledger_consumption c
        JOIN ledger_lot l ON l.id = c.lot_id JOIN ledger_entry p ON p.id = c.entry_id
        JOIN ledger_account a ON a.id = p.account_id
        WHERE l.account_id = ANY(%(accounts)s) AND NOT l.is_test AND p.is_test AND p.sequence > a.cleaned_sequence
            AND c.created_at <= w.at AND (c.returned_at IS NULL OR c.returned_at > w.at)
            AND (l.expires_at IS NULL OR l.expires_at > w.at))
    FROM written w ORDER BY w.at, w.place"""


@dataclass(frozen=True, slots=True)
class Overlooked:
    """Points of one accrual, by its entry, that its correction would have taken: whole, more than 0."""

    entry_id: int
    points: int


def overlooked(*, account_ids: Sequence[int]) -> list[Overlooked]:
    """Returns what real corrections wrote off since the last clean-up because tests had the points, oldest first.

    Args:
        account_ids: An account, and those that were merged into it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN_OFF, {"accounts": list(account_ids)})
        return _taken(cursor.fetchall())


def _taken(written_off: Iterable[tuple[int, int, int]]) -> list[Overlooked]:
    """Each correction would have found what tests held then, less what an earlier one would have taken of it."""
    found, before = [], 0
    for entry_id, points, held_by_tests in written_off:
        taken = min(points, int(held_by_tests) - before)
        if taken > 0:
            found.append(Overlooked(entry_id, taken))
            before += taken
    return found


def within(missed: Iterable[Overlooked], points: int) -> list[Overlooked]:
    """Returns as much of it, oldest first, as `points` can pay."""
    paid = []
    for each in missed:
        taken = min(each.points, points)
        if taken:
            paid.append(Overlooked(each.entry_id, taken))
            points -= taken
    return paid
