"""Giving back what a redemption spent: into the lots it was drawn from, with their age and their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
        account_id: Where the points go: the hold's own account, or the one it was merged into since, where they become
            lots of the same age and end.

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
    spent = list(Consumption.objects.select_related("lot").filter(hold=hold, returned_at=None).order_by("pk"))
    alive = sum(each.points for each in spent if not _is_over(each.lot, now))
    repaid = min(account.debt, alive)
    debtor = Entry.objects.filter(account=account, shortfall__gt=0).order_by("-sequence").first() if repaid else None
    account.available += alive - repaid
    account.debt -= repaid
    account.redeemed = max(0, account.redeemed - hold.points)
    entry = journal.write(
        account, kind=Entry.Kind.RETURN, points=hold.points, key=key, source="reward", now=now, reverses=hold.entry_id,
        details=details,
    )  # fmt: skip
    journal.tell(account, EventKind.POINTS_RETURNED, event, now=now, entry_id=entry.pk, points=hold.points)
    for each in spent:
        lot = _lot_for(each, account, hold, entry, now)
        if _is_over(lot, now):
            _expire(account, lot, each, now)
            continue
        pays = min(repaid, each.points)
        repaid -= pays
        Lot.objects.filter(pk=lot.pk).update(remaining=lot.remaining + each.points - pays)
        if debtor is not None and pays:
            _note(account, lot, debtor, pays, now)
    if alive < hold.points:
        journal.tell(account, EventKind.POINTS_EXPIRED, {}, now=now, points=hold.points - alive)
    return journal.posting(account, entry)


def _is_over(lot: Lot, now: datetime) -> bool:
    return lot.expires_at is not None and lot.expires_at <= now


def _lot_for(spent: Consumption, account: Account, hold: Hold, entry: Entry, now: datetime) -> Lot:
    """The lot the points were drawn from, read afresh; on another account a twin of it."""
    lot = Lot.objects.get(pk=spent.lot_id)
    if hold.account_id == account.pk:
        Consumption.objects.filter(pk=spent.pk).update(returned_at=now)
        return lot
    twin: Lot = Lot.objects.create(
        program_id=account.program_id, account=account, entry=entry, state=Lot.State.AVAILABLE, points=spent.points,
        remaining=0, earned_at=lot.earned_at, available_at=lot.available_at, expires_at=lot.expires_at,
    )  # fmt: skip
    return twin


def _expire(account: Account, lot: Lot, spent: Consumption, now: datetime) -> None:
    """The end passed while the points were spent: they are back for no instant."""
    entry = journal.write(
        account, kind=Entry.Kind.EXPIRY, points=-spent.points, key=f"expiry:returned:{spent.pk}", source="expiry", now=now,
        effective_at=lot.expires_at, details={"lot_id": lot.pk},
    )  # fmt: skip
    _note(account, lot, entry, spent.points, now)


def _note(account: Account, lot: Lot, entry: Entry, points: int, now: datetime) -> None:
    Consumption.objects.create(program_id=account.program_id, lot=lot, entry=entry, points=points, created_at=now)
