"""Taking a test back: afterwards an account holds what its real entries alone have left in it (docs/adr/0016).

Nothing is deleted. One entry gives back what test entries took of the member's own points, one takes what the test gave;
both are marked as tests, so that all test entries of an account add up to nothing and the real ones to its balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Sum

from loyalty.events import EventKind
from loyalty.ledger import journal
from loyalty.ledger.allocation import Draw, first_in_first_out
from loyalty.ledger.errors import AccountBusy
from loyalty.ledger.models import Account, Consumption, Entry, Lot
from loyalty.ledger.operations.corrections import Shortfall
from loyalty.ledger.operations.expiry import expire_account
from loyalty.ledger.operations.overlooked import Overlooked, overlooked, within
from loyalty.ledger.operations.returning import expire_returned, is_over, lot_for


@dataclass(frozen=True, slots=True)
class CleanedUp:
    """What a clean-up moved, in whole points, 0 or more: taken of the balance, given back, and written off."""

    taken: int
    returned: int
    written_off: int


@transaction.atomic
def clean_up(*, account_id: int, now: datetime, shortfall: Shortfall) -> CleanedUp:
    """Takes an account's test entries back. A repeat finds none and changes nothing.

    What test rewards cost is returned by `give_back` before. Test points that real entries have used up meanwhile (a reward
    bought after the test, a debt that was repaid) are paid from the member's own points, the oldest first. What a real
    correction wrote off because a test had the points is taken now.

    Args:
        shortfall: What their own points do not cover is written off, or owed.

    Raises:
        NotFound: No such account in this programme.
        AccountBusy: A redemption is in flight.
    """
    account = journal.lock(account_id)
    if account.held:
        raise AccountBusy
    expire_account(account=account, now=now)
    family = _family(account)
    borrowed = _borrowed(family)
    ended = {each.pk for each in borrowed if is_over(account, each.lot, now)}
    plan = _plan(account, family, borrowed, ended, shortfall)
    account.lifetime, account.test_lifetime = account.lifetime - account.test_lifetime, 0
    account.available, account.pending, account.debt = plan.available, plan.pending, plan.debt
    key = f"clean_up:{account.pk}:{account.sequence}"
    if plan.returned:
        entry = _write(account, points=plan.returned, key=f"{key}:in", now=now)
        _return(account, borrowed, ended, entry, now)
    for number, each in enumerate(plan.missed):
        _correct(account, each, key=f"{key}:{number}", now=now)
    if plan.taken:
        entry = _write(account, points=-plan.taken, key=f"{key}:out", now=now, shortfall=plan.owed)
        _consume(account, plan.draw, entry, now)
        told = {"note": "Test cleaned up"}
        journal.tell(
            account, EventKind.POINTS_REVERSED, told, now=now, is_test=True, entry_id=entry.pk, points=plan.taken
        )
    if plan.written_off:
        journal.write(
            account, kind=Entry.Kind.FORGIVENESS, points=plan.written_off, key=f"{key}:off", source="clean_up", now=now,
            details={"reason": "Used up before the test was cleaned up"},
        )  # fmt: skip
    account.save()
    Account.objects.filter(pk__in=family).update(
        cleaned_sequence=F("sequence"), has_tests=F("is_testing"), cleaning_since=None
    )
    return CleanedUp(plan.taken, plan.returned, plan.written_off)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The balances as they are to be, and how they come about; `draw` is taken from the member's own lots."""

    available: int
    pending: int
    debt: int
    returned: int
    missed: list[Overlooked]
    taken: int
    draw: int
    owed: int
    written_off: int


def _plan(
    account: Account, family: Sequence[int], borrowed: Sequence[Consumption], ended: set[int], shortfall: Shortfall
) -> _Plan:
    """Works out what the real entries alone leave: Σ entries = available + pending − debt, for them and for all."""
    back = sum(each.points for each in borrowed)
    over = sum(each.points for each in borrowed if each.pk in ended)
    rows = Lot.objects.filter(account=account, remaining__gt=0).order_by().values_list("is_test", "state")
    left = {(is_test, state): points for is_test, state, points in rows.annotate(points=Sum("remaining"))}
    pending = left.get((False, Lot.State.PENDING), 0)
    own = left.get((False, Lot.State.AVAILABLE), 0) + back - over
    tests = left.get((True, Lot.State.AVAILABLE), 0) + left.get((True, Lot.State.PENDING), 0)
    missed = within(overlooked(account_ids=family), own)
    corrected = sum(each.points for each in missed)
    entries = Entry.objects.filter(account__in=family).order_by().values_list("is_test")
    sums = dict(entries.annotate(points=Sum("points")))
    free = sums.get(False, 0) - over - corrected - pending
    draw, owed = own - corrected - max(free, 0), max(-free, 0)
    assert draw >= 0, (account.pk, own, corrected, free)
    debt = owed if shortfall == Shortfall.DEBT else min(account.debt, owed)
    returned, taken = back + max(account.debt - owed, 0), draw + tests + max(owed - account.debt, 0)
    assert sums.get(True, 0) + returned - taken == 0, (account.pk, sums, returned, taken)
    return _Plan(
        available=max(free, 0), pending=pending, debt=debt, draw=draw, missed=missed, written_off=owed - debt,
        returned=returned, taken=taken, owed=max(debt - account.debt, 0),
    )  # fmt: skip


def _family(account: Account) -> list[int]:
    """The account, and those whose members were merged into its member: their entries stayed behind."""
    its_own = Q(pk=account.pk) | Q(member__merged_into=account.member_id)
    return list(Account.objects.filter(its_own).order_by("pk").values_list("pk", flat=True))


def _borrowed(family: Sequence[int]) -> list[Consumption]:
    """What test entries that were not cleaned up yet took of the member's own lots, rewards apart."""
    by_tests = Consumption.objects.filter(entry__account__in=family, entry__is_test=True, hold=None, returned_at=None)
    uncleaned = by_tests.filter(lot__is_test=False, entry__sequence__gt=F("entry__account__cleaned_sequence"))
    return list(uncleaned.select_related("lot", "entry").order_by("pk"))


def _correct(account: Account, missed: Overlooked, *, key: str, now: datetime) -> None:
    """Takes what a correction had written off. The entry says so, so that all that was taken of the award adds up as before."""
    entry = journal.write(
        account, kind=Entry.Kind.REVERSAL, points=-missed.points, key=f"{key}:{missed.entry_id}", source="clean_up", now=now,
        reverses=missed.entry_id, details={"written_off": -missed.points},
    )  # fmt: skip
    own = Lot.objects.filter(account=account, entry_id=missed.entry_id).values_list("pk", flat=True).first()
    draws = first_in_first_out(journal.open_lots(account, real_only=True), missed.points, before=own)
    journal.consume(account, draws, entry=entry, now=now)


def _write(account: Account, *, points: int, key: str, now: datetime, shortfall: int = 0) -> Entry:
    return journal.write(
        account, kind=Entry.Kind.CLEAN_UP, points=points, key=key, source="clean_up", now=now, shortfall=shortfall,
        is_test=True,
    )  # fmt: skip


def _return(account: Account, borrowed: Sequence[Consumption], ended: set[int], entry: Entry, now: datetime) -> None:
    """Puts the member's own points back where they were; those whose end has passed expire at once."""
    for each in borrowed:
        lot = lot_for(each, account, each.lot.account_id, entry, now)
        if each.pk in ended:
            expire_returned(account, lot, each, now)
        else:
            Lot.objects.filter(pk=lot.pk).update(remaining=F("remaining") + each.points)


def _consume(account: Account, draw: int, entry: Entry, now: datetime) -> None:
    """Empties the test's lots, and takes what is missing from the member's own, the oldest first."""
    tests = Lot.objects.filter(account=account, is_test=True, remaining__gt=0).order_by("pk")
    journal.consume(account, [Draw(lot.pk, lot.remaining) for lot in tests], entry=entry, now=now)
    journal.consume(account, first_in_first_out(journal.open_lots(account, real_only=True), draw), entry=entry, now=now)
    Lot.objects.filter(account=account, is_test=True, state=Lot.State.PENDING).update(state=Lot.State.REJECTED)
