"""Giving back what a redemption spent: into the lots it was drawn from, with their age and their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.ledger import journal
from loyalty.ledger.errors import HoldEnded
from loyalty.ledger.models import Account, Consumption, Entry, Hold, Lot
from loyalty.ledger.operations.expiry import expire_account
from loyalty.ledger.results import Posting


@transaction.atomic
def give_back(
    *,
    hold_id: int,
    account_id: int,
    key: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> Posting:
    """Returns the points of a captured hold, once. A replay returns the first result.

    They go back into their own lots. A debt that arose meanwhile is paid first; points whose own end has passed come back
    and expire at once. Inactivity ends none of them: what is returned can be spent for as long as what is earned now. What
    counts as redeemed falls, what was earned in a lifetime does not move.

    Args:
        account_id: Where they go: the hold's own account, or the one it was merged into, as lots of the same age and end.

    Raises:
        NotFound: No such account or hold in this programme.
        HoldEnded: The hold was released, is still open, or its points were returned under another key.
    """
    account = journal.lock(account_id)
    hold = Hold.objects.filter(pk=hold_id).first()
    if hold is None:
        raise NotFound(f"Hold '{hold_id}' not found")
    if hold.entry_id is None:
        raise HoldEnded(hold.state)
    if first := journal.earlier(account, key, Entry.Kind.RETURN, reverses=hold.entry_id):
        return first
    if Entry.objects.filter(kind=Entry.Kind.RETURN, reverses_id=hold.entry_id).exists():
        raise HoldEnded("returned")
    expire_account(account=account, now=now)
    journal.note_activity(account, now=now)
    account.redeemed = max(0, account.redeemed - hold.points)
    spent = list(Consumption.objects.select_related("lot").filter(hold=hold, returned_at=None).order_by("pk"))
    entry, alive = put_back(
        account, spent, drawn_from=hold.account_id, key=key, source="reward", reverses=hold.entry_id, details=details,
        is_test=hold.is_test, now=now,
    )  # fmt: skip
    tell = partial(journal.tell, account, now=now, is_test=hold.is_test)
    tell(EventKind.POINTS_RETURNED, event, entry_id=entry.pk, points=hold.points)
    if alive < hold.points:
        tell(EventKind.POINTS_EXPIRED, {}, points=hold.points - alive)
    return journal.posting(account, entry)


def put_back(
    account: Account, spent: Sequence[Consumption], *, drawn_from: int, key: str, source: str, reverses: int, now: datetime,
    details: Mapping[str, Any] | None = None, is_test: bool = False,
) -> tuple[Entry, int]:  # fmt: skip
    """Puts what an entry took back into the lots it was drawn from, on an account the caller has locked.

    A debt is paid first; what has met its end comes back and expires at once.

    Args:
        spent: What the entry took, one or more.
        drawn_from: Id of the account that had the points.
        reverses: The entry.

    Returns:
        The entry that gives back, and the points that did not expire with it.
    """
    total = sum(each.points for each in spent)
    alive = sum(each.points for each in spent if not is_over(account, each.lot, now))
    repaid = min(account.debt, alive)
    debtor = Entry.objects.filter(account=account, shortfall__gt=0).order_by("-sequence").first() if repaid else None
    account.available += alive - repaid
    account.debt -= repaid
    entry = journal.write(
        account, kind=Entry.Kind.RETURN, points=total, key=key, source=source, now=now, reverses=reverses, details=details,
        is_test=is_test,
    )  # fmt: skip
    for each in spent:
        lot = lot_for(each, account, drawn_from, entry, now)
        if is_over(account, lot, now):
            expire_returned(account, lot, each, now)
            continue
        pays = min(repaid, each.points)
        repaid -= pays
        Lot.objects.filter(pk=lot.pk).update(remaining=lot.remaining + each.points - pays)
        if debtor is not None and pays:
            _note(account, lot, debtor, pays, now)
    return entry, alive


def _end(account: Account, lot: Lot) -> datetime | None:
    """When a lot ends: of its own accord, or with the member's inactivity, whichever comes first."""
    return min((at for at in (lot.expires_at, account.inactive_at) if at is not None), default=None)


def is_over(account: Account, lot: Lot, now: datetime) -> bool:
    """Whether points that come back into a lot have met their end."""
    end = _end(account, lot)
    return end is not None and end <= now


def lot_for(spent: Consumption, account: Account, drawn_from: int, entry: Entry, now: datetime) -> Lot:
    """Returns the lot that points go back into: the one they were drawn from, read afresh; on another account a twin of it.

    Args:
        drawn_from: Id of the account that had the points.
        entry: What gives them back.
    """
    lot = Lot.objects.get(pk=spent.lot_id)
    if drawn_from == account.pk:
        Consumption.objects.filter(pk=spent.pk).update(returned_at=now)
        return lot
    twin: Lot = Lot.objects.create(
        program_id=account.program_id, account=account, entry=entry, state=Lot.State.AVAILABLE, points=spent.points,
        remaining=0, earned_at=lot.earned_at, available_at=lot.available_at, expires_at=lot.expires_at,
        is_test=lot.is_test,
    )  # fmt: skip
    return twin


def expire_returned(account: Account, lot: Lot, spent: Consumption, now: datetime) -> None:
    """Expires points that came back: their end passed while they were spent, so they are back for no instant."""
    entry = journal.write(
        account, kind=Entry.Kind.EXPIRY, points=-spent.points, key=f"expiry:returned:{spent.pk}", source="expiry", now=now,
        effective_at=_end(account, lot), details={"lot_id": lot.pk}, is_test=lot.is_test,
    )  # fmt: skip
    _note(account, lot, entry, spent.points, now)


def _note(account: Account, lot: Lot, entry: Entry, points: int, now: datetime) -> None:
    Consumption.objects.create(program_id=account.program_id, lot=lot, entry=entry, points=points, created_at=now)
