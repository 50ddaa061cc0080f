"""Granting points, and what becomes of points that wait for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from loyalty.errors import IdempotencyKeyReused
from loyalty.events import EventKind
from loyalty.ledger import journal, kernel
from loyalty.ledger.errors import NotPending
from loyalty.ledger.models import Consumption, Entry, Lot
from loyalty.ledger.operations.expiry import expire_account
from loyalty.ledger.results import Posting
from loyalty.outbox.nudge import nudge_relay
from loyalty.points import MAX_POINTS


def accrue(
    *,
    program_id: int,
    account_id: int,
    key: str,
    points: int,
    source: str,
    now: datetime,
    kind: Entry.Kind = Entry.Kind.ACCRUAL,
    earned_at: datetime | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    counts_lifetime: bool = True,
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> Posting:
    """Grants points as one entry and one lot, once per key; a debt is repaid from them first.

    A replay returns what the first call did, with the balances as they stand now.

    Args:
        points: Whole points, 1 to `MAX_POINTS`.
        earned_at: When the points were earned, which decides who pays first; default now.
        due_at: When they become spendable by themselves; None means at once.
        expires_at: The instant from which they can't be spent; None is never. Ignored while pending: `mature` sets it.
        counts_lifetime: Whether they count as earned in the member's lifetime.
        event: What the event tells beyond the ledger's own facts; None announces nothing.

    Raises:
        IdempotencyKeyReused: The key belongs to another accrual.
    """
    assert 0 < points <= MAX_POINTS, points
    about, told = kernel.as_json(details or {}), kernel.as_json(event)
    when = [earned_at or now, due_at, expires_at, counts_lifetime]
    row = kernel.call(
        "ledger_accrue", [program_id, account_id, key, kind.value, points, source, *when, about, told, now]
    )
    if row["outcome"] == "key_reused":
        raise IdempotencyKeyReused
    if event is not None and row["outcome"] == "done":
        nudge_relay()
    return Posting(
        entry_id=row["entry_id"],
        points=row["points"],
        available=row["available"],
        pending=row["pending"],
        held=row["held"],
        debt=row["debt"],
        lifetime=row["lifetime"],
        redeemed=row["redeemed"],
        replayed=row["outcome"] == "replayed",
    )


@dataclass(frozen=True, slots=True)
class Grant:
    """One of many accruals at once; see `accrue` for what each of these is."""

    account_id: int
    key: str
    points: int
    details: Mapping[str, Any]
    event: Mapping[str, Any]


def accrue_all(
    *,
    program_id: int,
    grants: Sequence[Grant],
    source: str,
    now: datetime,
    expires_at: datetime | None = None,
    counts_lifetime: bool = True,
) -> int:
    """Grants points on many accounts in one round trip, each as `accrue` does; the caller has locked the accounts.

    Returns:
        How many were granted; what was granted under its key before is left as it is.

    Raises:
        IdempotencyKeyReused: A key belongs to another accrual; nothing was granted.
    """
    if not grants:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.outcome, count(*) FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[])
                AS w (account, key, points, about, event)
            CROSS JOIN LATERAL ledger_accrue(%s, w.account, w.key, 'accrual', w.points, %s, %s, NULL, %s, %s,
                w.about::jsonb, w.event::jsonb, %s) a GROUP BY 1""",
            [
                [grant.account_id for grant in grants],
                [grant.key for grant in grants],
                [grant.points for grant in grants],
                [kernel.as_json(grant.details) for grant in grants],
                [kernel.as_json(grant.event) for grant in grants],
                program_id,
                source,
                now,
                expires_at,
                counts_lifetime,
                now,
            ],
        )
        outcomes = dict(cursor.fetchall())
        if "key_reused" in outcomes:
            raise IdempotencyKeyReused
    nudge_relay()
    return int(outcomes.get("done", 0))


@transaction.atomic
def mature(
    *, entry_id: int, now: datetime, expires_at: datetime | None = None, event: Mapping[str, Any] | None = None
) -> Posting:
    """Makes a pending accrual spendable; its expiry clock starts now. A replay changes nothing.

    Args:
        entry_id: The accrual's entry.
        expires_at: When the points expire, counted from now; None is never.

    Raises:
        NotFound: No pending or matured lot of that entry in this programme.
        NotPending: The points were rejected.
    """
    account, lot = journal.lock_lot(entry_id)
    entry = Entry.objects.get(pk=entry_id)  # not the lot's: a merge may have moved it under another
    if lot.state == Lot.State.AVAILABLE:
        return journal.posting(account, entry, replayed=True)
    if lot.state == Lot.State.REJECTED:
        raise NotPending("rejected")
    expire_account(account=account, now=now)
    granted = lot.remaining
    repaid = min(account.debt, granted)
    debtor = Entry.objects.filter(account=account, shortfall__gt=0).order_by("-sequence").first() if repaid else None
    lot.state, lot.available_at, lot.expires_at = Lot.State.AVAILABLE, now, expires_at
    lot.remaining -= repaid
    lot.save()
    if debtor is not None:
        Consumption.objects.create(program_id=account.program_id, lot=lot, entry=debtor, points=repaid, created_at=now)
    account.pending -= granted
    account.available += granted - repaid
    account.debt -= repaid
    account.lifetime += granted
    account.test_lifetime += granted if lot.is_test else 0
    account.sequence += 1
    account.updated_at = now
    journal.note_activity(account, now=now)
    account.save()
    journal.tell(
        account, EventKind.POINTS_EARNED, event, now=now, entry_id=entry_id, points=granted, source=entry.source,
        was_pending=True, is_test=lot.is_test,
    )  # fmt: skip
    return journal.posting(account, entry)


@transaction.atomic
def reject(
    *,
    entry_id: int,
    key: str,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> Posting:
    """Takes back a pending accrual before it became spendable. A replay returns the first result.

    Raises:
        NotFound: No such accrual in this programme.
        NotPending: The points are spendable already (reverse them) or were rejected under another key.
    """
    account, lot = journal.lock_lot(entry_id)
    if first := journal.earlier(account, key, Entry.Kind.REJECTION, reverses=entry_id):
        return first
    if lot.state != Lot.State.PENDING:
        raise NotPending(lot.state)
    points = lot.remaining
    account.pending -= points
    entry = journal.write(
        account,
        kind=Entry.Kind.REJECTION,
        points=-points,
        key=key,
        source=lot.entry.source,
        now=now,
        reverses=entry_id,
        details={**(details or {}), **({"reason": reason} if reason else {})},
        is_test=lot.is_test,
    )
    Consumption.objects.create(program_id=account.program_id, lot=lot, entry=entry, points=points, created_at=now)
    lot.state, lot.remaining = Lot.State.REJECTED, 0
    lot.save()
    journal.tell(
        account, EventKind.POINTS_REJECTED, event, now=now, is_test=lot.is_test, entry_id=entry_id, points=points
    )
    return journal.posting(account, entry)
