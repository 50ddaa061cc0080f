"""Where the points of one entry came from and went: its lots, the lots it drew on, and the entries that corrected it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from loyalty.ledger.models import Consumption, Entry, Lot

MOST = 50
"""So many lines of each list are told; an old lot may have paid for hundreds."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a lot paid for: the entry, whole points of the lot, and when. `is_returned`: they went back into the lot."""

    entry_id: int | None
    kind: str
    lot_id: int
    points: int
    earned_at: datetime
    expires_at: datetime | None
    at: datetime
    is_returned: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """An entry's lots (`made`), what those paid for (`spent`), which lots it drew on (`drawn`), and what corrected it."""

    made: list[Lot]
    spent: list[Use]
    drawn: list[Use]
    corrections: list[Entry]


def entry_of(*, member_id: int, entry_id: int) -> Entry | None:
    """Returns one entry of a member with the entry it takes back; None when it is none of theirs."""
    return Entry.objects.select_related("reverses").filter(account__member_id=member_id, pk=entry_id).first()


def trace(*, entry: Entry) -> Trace:
    """Returns where an entry's points came from and went, the oldest first, at most `MOST` of each; four statements."""
    made = list(Lot.objects.filter(entry=entry).order_by("pk")[:MOST])
    paid = Consumption.objects.select_related("lot", "entry", "hold__entry").order_by("pk")
    spent = paid.filter(lot__in=made)[:MOST] if made else []
    drawn = paid.filter(Q(entry=entry) | Q(hold__entry=entry))[:MOST] if entry.points < 0 else []
    return Trace(
        made=made,
        spent=[_use(each) for each in spent],
        drawn=[_use(each) for each in drawn],
        corrections=list(Entry.objects.filter(reverses=entry).order_by("pk")[:MOST]),
    )


def _use(row: Consumption) -> Use:
    entry = row.entry or (row.hold.entry if row.hold is not None else None)
    return Use(
        entry_id=entry.pk if entry is not None else None,
        kind=entry.get_kind_display() if entry is not None else "",
        lot_id=row.lot_id,
        points=row.points,
        earned_at=row.lot.earned_at,
        expires_at=row.lot.expires_at,
        at=row.created_at,
        is_returned=row.returned_at is not None,
    )
