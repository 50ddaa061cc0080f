"""Looking for members by their balances, and for entries by what, when and through whom: each by an index or a bounded walk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact, In

from loyalty.ledger.models import ACTOR, DOOR, Entry, Lot
from loyalty.ledger.queries import EARNED, SPENT
from loyalty.members.models import Member
from loyalty.tenancy import program_in_scope


@dataclass(frozen=True, slots=True)
class WantedBalance:
    """Which members are looked for by their points; what is None or false does not narrow.

    Attributes:
        lowest: Least spendable points, and `highest` the most, whole points.
        owes: Only who has a debt.
        is_testing: Only those to whom what happens now is a test.
        earned_since: Only who was given points from this instant on, as figures count it; `spent_since` likewise.
        quiet_since: Only who had joined by this instant, and has neither earned nor spent since.
    """

    lowest: int | None = None
    highest: int | None = None
    owes: bool = False
    is_testing: bool = False
    earned_since: datetime | None = None
    spent_since: datetime | None = None
    quiet_since: datetime | None = None


FEW_ENTRIES = 10_000
"""Up to so many entries are read to name the accounts they belong to."""


def narrowed(found: QuerySet[Member], wanted: WantedBalance) -> QuerySet[Member]:
    """Returns those of some members whose points are as wanted.

    Points that have ended and that the job has not marked yet still count here; a page leaves them out.
    """
    if wanted.lowest is not None:
        found = found.filter(account__available__gte=wanted.lowest, account__program=program_in_scope())
    if wanted.highest is not None:
        found = found.filter(account__available__lte=wanted.highest, account__program=program_in_scope())
    if wanted.owes:
        found = found.filter(account__debt__gt=0, account__program=program_in_scope())
    if wanted.is_testing:
        found = found.filter(account__is_testing=True, account__has_tests=True, account__program=program_in_scope())
    if wanted.earned_since is not None:
        found = found.filter(_moved(EARNED, wanted.earned_since))
    if wanted.spent_since is not None:
        found = found.filter(_moved(SPENT, wanted.spent_since))
    if wanted.quiet_since is not None:
        found = found.filter(~_moved(EARNED | SPENT, wanted.quiet_since), enrolled_at__lt=wanted.quiet_since)
    return found


def _moved(which: Q, since: datetime) -> Q | Exists:
    """Who has such an entry since an instant. Where there are few such entries, they name the accounts; where there are
    many, members are asked one by one, and a page is soon full. The other way round either walks everybody.
    """
    entries = Entry.objects.filter(which, created_at__gte=since)
    accounts = list(entries.order_by("-created_at").values_list("account_id", flat=True)[: FEW_ENTRIES + 1])
    if len(accounts) <= FEW_ENTRIES:
        return Q(account__pk__in=set(accounts))
    return Exists(entries.filter(account=OuterRef("account__pk")))


def richest_first(found: QuerySet[Member]) -> QuerySet[Member]:
    """Returns members with the most spendable points first."""
    return found.filter(account__program=program_in_scope()).order_by("-account__available", "-account__pk")


def most_earned_first(found: QuerySet[Member]) -> QuerySet[Member]:
    """Returns members with the most points earned in all first."""
    return found.filter(account__program=program_in_scope()).order_by("-account__lifetime", "-account__pk")


PENDING, MATURED, ISSUED, REDEEMED = "pending", "matured", "earned", "spent"
"""What may be looked for beside the kinds of entries: what waits, what waited and can be spent, and what figures count."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What entries came of, told by rows of another part that each name one entry: the awards of a rule, say.

    A list follows those rows, newest first, by an index of theirs: it needs not ask each of the ledger's entries for its cause,
    however many came of it and however few.

    Attributes:
        relation: The name of those rows among an entry's relations.
        at: Their field that holds the entry's own instant.
        kind: What kind of entries they name, without exception.
        of: Which of them, by their fields.
    """

    relation: str
    at: str
    kind: str
    of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is empty or None does not narrow.

    Attributes:
        kind: One of `Entry.Kind`, or `PENDING`, `MATURED`, `ISSUED` or `REDEEMED`.
        doors: Through which doors they came; see `DOOR`.
        actor: Who used the door, exactly.
        member_id: Whose they are.
        since: The first instant, and `before` the first one after.
        is_test: Only tests, or only what is none.
        cause: Only those that came of this.
    """

    kind: str = ""
    doors: Collection[str] = ()
    actor: str = ""
    member_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    is_test: bool | None = None
    cause: Cause | None = None


_GOES_WITH = {
    Entry.Kind.ACCRUAL.value: {"", Entry.Kind.ACCRUAL.value, PENDING, MATURED, ISSUED},
    Entry.Kind.REDEMPTION.value: {"", Entry.Kind.REDEMPTION.value, REDEEMED},
}
"""What may be looked for among entries that came of something, by the kind they are of."""


def movements(wanted: Wanted) -> QuerySet[Entry]:
    """Returns the programme's entries that are wanted, newest first, with account and member."""
    found: QuerySet[Entry] = Entry.objects.select_related("account__member")
    if wanted.cause is not None and wanted.kind not in _GOES_WITH[wanted.cause.kind]:
        return found.none()  # known without looking: to look would be to read all that came of it
    if wanted.kind and (wanted.cause is None or wanted.kind != wanted.cause.kind):
        found = found.filter(_of_kind(wanted.kind))
    found = _through(found, wanted)
    if wanted.member_id is not None:
        found = found.filter(account__member_id=wanted.member_id)
    if wanted.since is not None:
        found = found.filter(created_at__gte=wanted.since)
    if wanted.before is not None:
        found = found.filter(created_at__lt=wanted.before)
    if wanted.is_test is not None:
        found = found.filter(is_test=wanted.is_test)
    if wanted.cause is not None:
        return _caused(_named_by_door(found, wanted), wanted, wanted.cause)
    return found.order_by("-created_at", "-pk")


def _through(found: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    if wanted.doors:
        found = found.filter(In(DOOR, list(wanted.doors)))
    return found.filter(Exact(ACTOR, wanted.actor)) if wanted.actor else found


def _named_by_door(found: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    """Where few came through the door, they are named by its index: else all that came of the cause would be asked for it."""
    if not wanted.doors:
        return found
    few = list(_through(Entry.objects.all(), wanted).values_list("pk", flat=True)[: FEW_ENTRIES + 1])
    return found.filter(pk__in=few) if len(few) <= FEW_ENTRIES else found


def _caused(found: QuerySet[Entry], wanted: Wanted, cause: Cause) -> QuerySet[Entry]:
    """The period and the order are told by the cause's instant, which is the entry's, as only that has the index."""
    at = f"{cause.relation}__{cause.at}"
    which: dict[str, Any] = {f"{cause.relation}__{name}": value for name, value in cause.of.items()}
    which[f"{cause.relation}__program"] = program_in_scope()
    if wanted.since is not None:
        which[f"{at}__gte"] = wanted.since
    if wanted.before is not None:
        which[f"{at}__lt"] = wanted.before
    return found.filter(**which).order_by(f"-{at}", "-pk")


def _among(entries: QuerySet[Any, Any]) -> Q | Exists:
    """Entries of a list of numbers (`entry_id`): named where they are few, asked for one by one where a page is soon full."""
    few = list(entries[: FEW_ENTRIES + 1])
    return Q(pk__in=few) if len(few) <= FEW_ENTRIES else Exists(entries.filter(entry_id=OuterRef("pk")))


def _of_kind(kind: str) -> Q | Exists:
    if kind in (ISSUED, REDEEMED):
        return EARNED if kind == ISSUED else SPENT
    if kind == PENDING:
        return _among(Lot.objects.filter(state=Lot.State.PENDING, remaining__gt=0).values_list("entry_id", flat=True))
    if kind == MATURED:
        waited = Lot.objects.filter(state=Lot.State.AVAILABLE, due_at__isnull=False)
        return _among(waited.values_list("entry_id", flat=True))
    return Q(kind=kind)


def door_of(entry: Entry) -> str:
    """Returns through which door an entry came, as `movements` looks for it."""
    return str((entry.details or {}).get("door") or entry.source)


def actor_of(entry: Entry) -> str:
    """Returns who used the door; empty where nobody was told."""
    return str((entry.details or {}).get("actor") or "")


@dataclass(frozen=True, slots=True)
class Wait:
    """What became of points that had to wait: until when they do, or since when they can be spent."""

    due_at: datetime
    matured_at: datetime | None


def waits_of(entry_ids: Iterable[int]) -> dict[int, Wait]:
    """Returns, for those of some entries whose points wait or have waited, how that stands; in one statement."""
    lots = Lot.objects.filter(entry_id__in=list(entry_ids), due_at__isnull=False).exclude(state=Lot.State.REJECTED)
    found = lots.filter(Q(state=Lot.State.AVAILABLE) | Q(remaining__gt=0)).order_by("pk")
    rows = found.values_list("entry_id", "due_at", "available_at")
    return {entry_id: Wait(due_at, available_at) for entry_id, due_at, available_at in rows if due_at is not None}
