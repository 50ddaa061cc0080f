"""Accounts as wholes: opening one with a balance brought along, and merging two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger import journal
from loyalty.ledger.allocation import first_in_first_out
from loyalty.ledger.errors import AccountBusy
from loyalty.ledger.models import Account, Consumption, Entry, Lot
from loyalty.ledger.operations.expiry import expire_account
from loyalty.ledger.results import Posting
from loyalty.members.models import Member


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """Points brought along from elsewhere: whole points, when they were earned, and when they end (None is never)."""

    points: int
    earned_at: datetime
    expires_at: datetime | None = None


def open_account(*, member: Member, now: datetime) -> Account:
    """Opens a member's account at zero. A member has exactly one."""
    account, _ = Account.objects.get_or_create(
        member=member, defaults={"program_id": member.program_id, "updated_at": now}
    )
    return account


@transaction.atomic
def bring_balance(
    *, account_id: int, lots: Sequence[OpeningLot], lifetime: int, redeemed: int, key: str, now: datetime
) -> Posting:
    """Opens an account with what a member had elsewhere: one entry of kind `opening`, announcing nothing.

    A replay returns the first result.

    Args:
        lots: The spendable points, in lots that keep their age and end.
        lifetime: Points earned in the member's lifetime so far, 0 or more.
        redeemed: Points spent so far, 0 or more.
    """
    account = journal.lock(account_id)
    if first := journal.earlier(account, key, Entry.Kind.OPENING):
        return first
    total = sum(lot.points for lot in lots)
    account.available += total
    account.lifetime += lifetime
    account.redeemed += redeemed
    journal.note_activity(account, now=now)
    if total == 0:
        account.save()
        return journal.posting(account, None)
    entry = journal.write(
        account, kind=Entry.Kind.OPENING, points=total, key=key, source="opening", now=now,
        effective_at=min(lot.earned_at for lot in lots), details={"lifetime": lifetime, "redeemed": redeemed},
    )  # fmt: skip
    Lot.objects.bulk_create(
        Lot(
            program_id=account.program_id, account=account, entry=entry, state=Lot.State.AVAILABLE, points=lot.points,
            remaining=lot.points, earned_at=lot.earned_at, available_at=now, expires_at=lot.expires_at,
        )
        for lot in lots
    )  # fmt: skip
    return journal.posting(account, entry)


@transaction.atomic
def merge_accounts(*, from_account_id: int, into_account_id: int, key: str, now: datetime) -> Posting:
    """Moves everything from one account into another: an entry out, an entry in; lots keep their age and end.

    Locks both accounts in primary-key order. Lifetime and redeemed points add up, a debt moves too, and who was
    active last decides when inactivity ends the points. Test points stay test points; whether what happens from now on is
    a test, is the survivor's matter. A replay returns the first result.

    Raises:
        AccountBusy: A redemption is in flight on the account that goes.
    """
    assert from_account_id != into_account_id
    locked = {pk: journal.lock(pk) for pk in sorted((from_account_id, into_account_id))}
    source, target = locked[from_account_id], locked[into_account_id]
    if first := journal.earlier(target, f"{key}:in", Entry.Kind.MERGE):
        return first
    if source.held:
        raise AccountBusy
    for account in locked.values():
        expire_account(account=account, now=now)
    moved = _move_lots(source, target, key=key, now=now)
    target.lifetime, source.lifetime = target.lifetime + source.lifetime, 0
    target.test_lifetime, source.test_lifetime = target.test_lifetime + source.test_lifetime, 0
    target.redeemed, source.redeemed = target.redeemed + source.redeemed, 0
    ends = [account.inactive_at for account in (source, target) if account.inactive_at is not None]
    target.inactive_at, source.inactive_at = max(ends, default=None), None
    target.has_tests |= source.has_tests
    target.cleaning_since = target.cleaning_since or source.cleaning_since
    source.is_testing, source.has_tests, source.cleaning_since = False, False, None
    if source.debt:
        _move_debt(source, target, key=key, now=now)
    source.merged_into = target
    source.save()
    target.save()
    journal.tell(target, EventKind.ACCOUNTS_MERGED, {}, now=now, points=moved, from_account_id=source.pk)
    return journal.posting(target, Entry.objects.filter(key=f"{key}:in").first())


def _move_lots(source: Account, target: Account, *, key: str, now: datetime) -> int:
    """Moves every lot with points left; what the target owed is paid from the spendable ones first."""
    lots = list(Lot.objects.filter(account=source, remaining__gt=0).order_by("earned_at", "pk"))
    total = sum(lot.remaining for lot in lots)
    if total == 0:
        return 0
    debtor = Entry.objects.filter(account=target, shortfall__gt=0).order_by("-sequence").first()
    spendable = sum(lot.remaining for lot in lots if lot.state == Lot.State.AVAILABLE)
    repaid = min(target.debt, spendable)
    source.available -= spendable
    source.pending -= total - spendable
    out = journal.write(source, kind=Entry.Kind.MERGE, points=-total, key=f"{key}:out", source="merge", now=now)
    target.available += spendable - repaid
    target.pending += total - spendable
    target.debt -= repaid
    inward = journal.write(target, kind=Entry.Kind.MERGE, points=total, key=f"{key}:in", source="merge", now=now)
    for lot in lots:
        pays = min(repaid, lot.remaining) if lot.state == Lot.State.AVAILABLE else 0
        repaid -= pays
        twin = Lot.objects.create(
            program_id=target.program_id, account=target, entry=inward, state=lot.state, points=lot.remaining,
            remaining=lot.remaining - pays, earned_at=lot.earned_at, due_at=lot.due_at, available_at=lot.available_at,
            expires_at=lot.expires_at, is_test=lot.is_test,
        )  # fmt: skip
        if pays and debtor is not None:
            Consumption.objects.create(
                program_id=target.program_id, lot=twin, entry=debtor, points=pays, created_at=now
            )
        Consumption.objects.create(
            program_id=source.program_id, lot=lot, entry=out, points=lot.remaining, created_at=now
        )
        lot.remaining, lot.moved_to = 0, twin
        lot.save(update_fields=["remaining", "moved_to"])
    return total


def _move_debt(source: Account, target: Account, *, key: str, now: datetime) -> None:
    """Moves what the source owes: the target pays at once as far as it can, and owes the rest."""
    owed, source.debt = source.debt, 0
    journal.write(source, kind=Entry.Kind.MERGE, points=owed, key=f"{key}:debt-out", source="merge", now=now)
    draws = first_in_first_out(journal.open_lots(target), min(owed, target.available))
    paid = sum(draw.points for draw in draws)
    target.available -= paid
    target.debt += owed - paid
    entry = journal.write(
        target,
        kind=Entry.Kind.MERGE,
        points=-owed,
        key=f"{key}:debt-in",
        source="merge",
        now=now,
        shortfall=owed - paid,
    )
    journal.consume(target, draws, entry=entry, now=now)


def lock_account(*, account_id: int) -> Account:
    """Locks an account until the caller's transaction ends, for a noun above that must not change beside an award.

    Returns:
        The account as it is under the lock; read only.

    Raises:
        NotFound: No such account in this programme.
    """
    return journal.lock(account_id)


def lock_accounts(*, member_ids: Collection[int]) -> dict[int, Account]:
    """Locks the accounts of some members, in the order of the accounts' ids, until the caller's transaction ends.

    Returns:
        The accounts by member, as they are under the lock; read only.
    """
    locked = Account.objects.select_for_update(no_key=True).filter(member_id__in=list(member_ids)).order_by("pk")
    return {account.member_id: account for account in locked}
