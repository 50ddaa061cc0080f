"""Putting things right by entries: reversals, adjustments, forgiven debts. No entry is ever changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger import journal
from loyalty.ledger.allocation import Draw, first_in_first_out
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.operations.accrual import accrue
from loyalty.ledger.operations.expiry import expire_account
from loyalty.ledger.results import Posting
from loyalty.points import MAX_POINTS


class Shortfall(StrEnum):
    """What to do with points that are to be taken back and were already spent."""

    WRITE_OFF = "write_off"
    DEBT = "debt"


@transaction.atomic
def reverse(
    *,
    entry_id: int,
    points: int,
    key: str,
    now: datetime,
    shortfall: Shortfall = Shortfall.WRITE_OFF,
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> Posting:
    """Takes back points of one accrual: from its own lot first, then from the oldest. A replay returns the first result.

    What is to be written off where it is missing is never taken from test points instead: they are not the member's.
    Never takes back more than the accrual granted, less what was reversed or has expired before: nobody pays twice.
    Lifetime points fall by what is reversed from points that were spendable, not below 0.

    Args:
        entry_id: The accrual.
        points: Whole points to take back, more than 0.
        shortfall: Points that are gone already are written off, or become a debt that later accruals repay.

    Raises:
        NotFound: No such accrual in this programme.
    """
    assert points > 0, points
    account, lot = journal.lock_lot(entry_id)
    original = Entry.objects.get(pk=entry_id)
    if first := journal.earlier(account, key, Entry.Kind.REVERSAL, reverses=entry_id):
        return first
    expire_account(account=account, now=now)
    lot.refresh_from_db()
    points = min(points, original.points - _taken_back_before(original))
    if points <= 0:
        return journal.note_nothing(account, key, Entry.Kind.REVERSAL, now=now, reverses=entry_id)
    draws, lacking = _take_back(account, lot, points, shortfall)
    taken = points - lacking
    owed = lacking if shortfall == Shortfall.DEBT else 0
    account.debt += owed
    if taken + owed == 0:
        account.save()
        return journal.note_nothing(account, key, Entry.Kind.REVERSAL, now=now, shortfall=lacking, reverses=entry_id)
    entry = journal.write(
        account,
        kind=Entry.Kind.REVERSAL,
        points=-(taken + owed),
        key=key,
        source=original.source,
        now=now,
        shortfall=owed,
        reverses=original.pk,
        details={**(details or {}), "written_off": lacking - owed},
        is_test=lot.is_test,
    )
    journal.consume(account, draws, entry=entry, now=now)
    if lot.state == Lot.State.PENDING and not Lot.objects.filter(pk=lot.pk, remaining__gt=0).exists():
        Lot.objects.filter(pk=lot.pk).update(state=Lot.State.REJECTED)
    tell = partial(journal.tell, account, EventKind.POINTS_REVERSED, event, now=now, is_test=lot.is_test)
    tell(entry_id=entry.pk, points=points, reverses=original.pk)
    return journal.posting(account, entry, shortfall=lacking)


def _take_back(account: Account, lot: Lot, points: int, shortfall: Shortfall) -> tuple[list[Draw], int]:
    """Moves the balances for a reversal; returns which lots pay, and the points that are not there any more."""
    if lot.state == Lot.State.PENDING:
        account.pending -= min(points, lot.remaining)
        return [Draw(lot.pk, min(points, lot.remaining))], points - min(points, lot.remaining)
    spares_tests = not lot.is_test and shortfall == Shortfall.WRITE_OFF
    draws = first_in_first_out(journal.open_lots(account, real_only=spares_tests), points, before=lot.pk)
    taken = sum(draw.points for draw in draws)
    account.available -= taken
    journal.lower_lifetime(account, points, is_test=lot.is_test)
    return draws, points - taken


def _taken_back_before(original: Entry) -> int:
    """Points of an accrual that are gone already: taken back, written off, or expired."""
    reversals = Entry.objects.filter(reverses=original).values_list("points", "details")
    moved = sum(-points + int(details.get("written_off", 0)) for points, details in reversals)
    return moved + journal.written_off(original.pk) + journal.expired_of(original.pk)


@transaction.atomic
def adjust(
    *,
    program_id: int,
    account_id: int,
    points: int,
    key: str,
    source: str,
    now: datetime,
    expires_at: datetime | None = None,
    update_lifetime: bool = True,
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> Posting:
    """Adds or deducts points by hand. A deduction stops at 0; what is missing is in `shortfall`.

    A replay returns the first result. Held and pending points are not touched.

    Args:
        points: Signed whole points, not 0, magnitude up to `MAX_POINTS`.
        update_lifetime: Whether lifetime points move by the effective amount (never below 0).
        expires_at: For an addition: when the points expire; None is never.

    Raises:
        IdempotencyKeyReused: The key belongs to something else.
    """
    assert points != 0 and abs(points) <= MAX_POINTS, points
    account = journal.lock(account_id)
    if first := journal.earlier(account, key, Entry.Kind.ADJUSTMENT):
        return first
    expire_account(account=account, now=now)
    if points > 0:
        return accrue(
            program_id=program_id, account_id=account_id, key=key, points=points, source=source, now=now,
            kind=Entry.Kind.ADJUSTMENT, expires_at=expires_at, counts_lifetime=update_lifetime, details=details, event=event,
        )  # fmt: skip
    draws = first_in_first_out(journal.open_lots(account), min(-points, account.available))
    taken = sum(draw.points for draw in draws)
    lacking = -points - taken
    if taken == 0:
        return journal.note_nothing(account, key, Entry.Kind.ADJUSTMENT, now=now, shortfall=lacking)
    account.available -= taken
    if update_lifetime:
        journal.lower_lifetime(account, taken, is_test=account.is_testing)
    entry = journal.write(
        account,
        kind=Entry.Kind.ADJUSTMENT,
        points=-taken,
        key=key,
        source=source,
        now=now,
        shortfall=0,
        details=details if update_lifetime else {**(details or {}), "not_lifetime": True},
        is_test=account.is_testing,
    )
    journal.consume(account, draws, entry=entry, now=now)
    journal.tell(
        account, EventKind.POINTS_DEDUCTED, event, now=now, is_test=account.is_testing, entry_id=entry.pk, points=taken,
        source=source,
    )  # fmt: skip
    return journal.posting(account, entry, shortfall=lacking)


@transaction.atomic
def forgive_debt(*, account_id: int, key: str, now: datetime, details: Mapping[str, Any] | None = None) -> Posting:
    """Writes off what an account owes. A replay returns the first result; without a debt nothing happens."""
    account = journal.lock(account_id)
    if first := journal.earlier(account, key, Entry.Kind.FORGIVENESS):
        return first
    if account.debt == 0:
        return journal.note_nothing(account, key, Entry.Kind.FORGIVENESS, now=now)
    forgiven, account.debt = account.debt, 0
    entry = journal.write(
        account, kind=Entry.Kind.FORGIVENESS, points=forgiven, key=key, source="staff", now=now, details=details
    )
    return journal.posting(account, entry)
