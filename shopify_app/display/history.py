"""A member's newest movements of points, as the member reads them: what for, how many, and whether they still wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from loyalty.earning.models import Award
from loyalty.earning.queries import awards_of
from loyalty.ledger.models import Entry

_Kind = Entry.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One movement; `points` is signed. `waits`: the points cannot be spent yet, and `due_at` is when they can."""

    title: str
    points: int
    at: datetime
    waits: bool = False
    due_at: datetime | None = None


def lines(entries: Iterable[Entry], *, member_id: int) -> list[Line]:
    """Returns entries in customers' words, in their order; what an entry was for is told by the award behind it."""
    page = [each for each in entries if each.points]
    wanted = {each.pk for each in page} | {each.reverses_id for each in page if each.reverses_id}
    awards = {award.entry_id: award for award in awards_of(member_id=member_id).filter(entry_id__in=wanted)}
    return [_line(each, awards) for each in page]


def _line(entry: Entry, awards: dict[int | None, Award]) -> Line:
    award = awards.get(entry.pk)
    about = award or (awards.get(entry.reverses_id) if entry.reverses_id else None)
    waits = award is not None and award.status == Award.Status.PENDING
    return Line(
        title=_title(entry, _name(entry, about)),
        points=entry.points,
        at=entry.created_at,
        waits=waits,
        due_at=award.due_at if award is not None and waits else None,
    )


def _name(entry: Entry, award: Award | None) -> str:
    details = entry.details or {}
    rule = award.rule if award else None
    own = (rule.customer_facing_label or rule.name) if rule else ""
    return str(own or details.get("rule_name") or details.get("reward_name") or "")


def _title(entry: Entry, name: str) -> str:
    said = {
        _Kind.OPENING: _("Your points from before"),
        _Kind.ACCRUAL: _("Earned"),
        _Kind.REJECTION: _("Taken back"),
        _Kind.REVERSAL: _("Taken back"),
        _Kind.ADJUSTMENT: _("From the shop") if entry.points > 0 else _("Corrected by the shop"),
        _Kind.EXPIRY: _("Expired"),
        _Kind.REDEMPTION: _("Redeemed"),
        _Kind.RETURN: _("Given back"),
        _Kind.FORGIVENESS: _("Settled by the shop"),
        _Kind.MERGE: _("Moved from your other account"),
        _Kind.CLEAN_UP: _("Test taken back"),
    }[_Kind(entry.kind)]
    if not name or entry.kind == _Kind.ADJUSTMENT:
        return said
    return name if entry.kind in (_Kind.ACCRUAL, _Kind.REDEMPTION) else f"{said}: {name}"
