"""What may be asked of the ledger from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from loyalty.ledger import journal
from loyalty.ledger.models import Account, Consumption, Entry, Hold, Lot
from loyalty.ledger.results import Balances


def account_id_of(*, member_id: int) -> int:
    """Returns the id of a member's account."""
    return int(Account.objects.values_list("pk", flat=True).get(member_id=member_id))


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's balances, and the next instant at which points of theirs expire (None when none do).

    `is_testing`: what happens to them now is a test. `has_tests`: the balances may hold a test that was not cleaned up.
    """

    balances: Balances
    next_expires_at: datetime | None
    is_testing: bool
    has_tests: bool


def standings_of(*, member_ids: Iterable[int], now: datetime) -> dict[int, Standing]:
    """Returns the standing of each member, by member id, in two queries however many there are.

    Points past their expiry are left out of `available` even if the job has not marked them yet.
    """
    accounts = list(Account.objects.filter(member_id__in=list(member_ids)))
    ending = (
        Lot.objects.filter(account__in=accounts, state=Lot.State.AVAILABLE, remaining__gt=0, expires_at__isnull=False)
        .values_list("account_id")
        .annotate(
            stale=Coalesce(Sum("remaining", filter=Q(expires_at__lte=now)), 0),
            next=Min("expires_at", filter=Q(expires_at__gt=now)),
        )
    )
    ends = {account_id: (stale, following) for account_id, stale, following in ending}
    return {account.member_id: _standing(account, *ends.get(account.pk, (0, None)), now=now) for account in accounts}


def _standing(account: Account, stale: int, following: datetime | None, *, now: datetime) -> Standing:
    """A member's standing, given the points that ended unmarked and the next end of a lot."""
    is_over = account.inactive_at is not None and account.inactive_at <= now
    available = 0 if is_over else account.available - stale
    instants = [at for at in (following, account.inactive_at) if at is not None and at > now]
    balances = Balances(
        available=available,
        pending=account.pending,
        held=account.held,
        debt=account.debt,
        lifetime=account.lifetime,
        redeemed=account.redeemed,
    )
    ends_at = min(instants, default=None) if available else None
    return Standing(balances, ends_at, is_testing=account.is_testing, has_tests=account.has_tests)


def balances_of(*, member_id: int, now: datetime) -> Balances:
    """Returns one member's balances; see `standings_of`."""
    return standings_of(member_ids=[member_id], now=now)[member_id].balances


REAL = Q(is_test=False)
"""Entries that figures count: those of a test are left out."""
EARNED = REAL & (Q(kind=Entry.Kind.ACCRUAL) | Q(kind=Entry.Kind.ADJUSTMENT, points__gt=0))
"""Entries that count as issued: awards, and additions by hand."""
SPENT = REAL & Q(kind=Entry.Kind.REDEMPTION)
"""Entries that count as redeemed."""


def _sum(which: Q) -> Coalesce:
    return Coalesce(Sum(Case(When(which, then=F("points")), default=Value(0), output_field=IntegerField())), 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Points issued and redeemed in the programme, whole points, 0 or more."""

    issued: int
    redeemed: int


def totals(*, since: datetime | None = None) -> Totals:
    """Returns the programme's totals since an instant, or of all time."""
    entries = Entry.objects.filter(created_at__gte=since) if since else Entry.objects.all()
    row = entries.aggregate(issued=_sum(EARNED), redeemed=_sum(SPENT))
    return Totals(issued=row["issued"], redeemed=-row["redeemed"])


def spendable() -> tuple[int, int]:
    """Returns how many points the programme's members can spend, and how many members have any."""
    row = Account.objects.filter(available__gt=0).aggregate(points=Sum("available"), holders=Count("pk"))
    return int(row["points"] or 0), int(row["holders"])


def entries_of(*, member_id: int) -> QuerySet[Entry]:
    """Returns a member's entries, newest first."""
    entries: QuerySet[Entry] = Entry.objects.filter(account__member_id=member_id).order_by("-sequence")
    return entries


def movements(*, earned: bool = False, spent: bool = False) -> QuerySet[Entry]:
    """Returns the programme's entries, newest first, with account and member: all, or just those that `totals` counts."""
    entries: QuerySet[Entry] = Entry.objects.select_related("account__member").order_by("-created_at", "-pk")
    if earned or spent:
        entries = entries.filter((EARNED if earned else Q(pk=None)) | (SPENT if spent else Q(pk=None)))
    return entries


def reversed_of(*, entry_id: int) -> int:
    """Returns the points of an accrual that reversals have taken back so far, what they wrote off included."""
    rows = Entry.objects.filter(reverses_id=entry_id, kind=Entry.Kind.REVERSAL).values_list("points", "details")
    moved = sum(-points + int(details.get("written_off", 0)) for points, details in rows)
    return moved + journal.written_off(entry_id)


def lots_of(*, member_id: int) -> QuerySet[Lot]:
    """Returns every lot of a member, the oldest earned first: the order in which they are spent."""
    found: QuerySet[Lot] = Lot.objects.filter(account__member_id=member_id).select_related("entry")
    return found.order_by("earned_at", "pk")


def active_holds_of(*, member_id: int) -> QuerySet[Hold]:
    """Returns the points of a member that are reserved for redemptions in flight, the oldest first."""
    found: QuerySet[Hold] = Hold.objects.filter(account__member_id=member_id, state=Hold.State.ACTIVE).order_by("pk")
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one lot pays: whole points, and the lot's own age and end."""

    lot_id: int
    points: int
    earned_at: datetime
    expires_at: datetime | None


def drawn_for(*, hold_id: int | None = None, entry_id: int | None = None) -> list[Drawn]:
    """Returns which lots pay for a hold or for an entry, in the order in which they were drawn; nothing for neither."""
    which = Q(hold_id=hold_id) if hold_id is not None else Q(entry_id=entry_id, entry__isnull=False)
    rows = Consumption.objects.filter(which, returned_at=None).select_related("lot").order_by("pk")
    return [Drawn(row.lot_id, row.points, row.lot.earned_at, row.lot.expires_at) for row in rows]


def sums_by_kind(*, member_id: int) -> list[tuple[str, int, int]]:
    """Returns, per kind of entry, how many there are and what they come to: together they are the balance."""
    rows = Entry.objects.filter(account__member_id=member_id).order_by("kind").values_list("kind")
    return list(rows.annotate(number=Count("pk"), points=Sum("points")))


def expiries_of(*, member_id: int, now: datetime) -> list[tuple[datetime, int]]:
    """Returns when a member's spendable points end, each instant with its points, the next first."""
    lots = Lot.objects.filter(account__member_id=member_id, state=Lot.State.AVAILABLE, remaining__gt=0)
    ending = lots.filter(expires_at__gt=now).order_by("expires_at").values_list("expires_at")
    return list(ending.annotate(points=Sum("remaining")))


def is_testing(*, member_id: int) -> bool:
    """Whether what happens to a member now is a test."""
    return bool(Account.objects.filter(member_id=member_id, is_testing=True).exists())


def testing_among(*, member_ids: Sequence[int]) -> frozenset[int]:
    """Returns those of the members to whom what happens now is a test."""
    testing = Account.objects.filter(member_id__in=member_ids, is_testing=True)
    return frozenset(testing.values_list("member_id", flat=True))


def accounts_with_tests() -> QuerySet[Account]:
    """Returns the accounts that have, or may have, tests to clean up, by their ids, with their members."""
    return Account.objects.filter(has_tests=True).select_related("member").order_by("pk")


def points_of_tests() -> int:
    """Returns the points that tests have given in the programme and no clean-up has taken back, whole points, 0 or more."""
    kinds = [Entry.Kind.ACCRUAL, Entry.Kind.ADJUSTMENT]
    given = Entry.objects.filter(is_test=True, points__gt=0, kind__in=kinds, account__has_tests=True)
    return int(given.filter(sequence__gt=F("account__cleaned_sequence")).aggregate(points=Sum("points"))["points"] or 0)


def spent_of_lots(*, entries: QuerySet[Any, Any]) -> int:
    """Returns how many of the points that some entries brought are no longer in their lots, whatever became of them.

    Args:
        entries: One column, the entries' numbers.
    """
    lots = Lot.objects.filter(entry__in=entries, moved_to=None)
    return int(lots.aggregate(gone=Sum(F("points") - F("remaining")))["gone"] or 0)
