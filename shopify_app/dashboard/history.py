"""A member's points history: every entry of the ledger, so that the lines add up to the balance; each says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.earning import queries as earning
from loyalty.earning.explaining import explain
from loyalty.earning.models import Award
from loyalty.ledger.models import Entry
from shopify_app.dashboard.reading import a_long_date, number

TONES = {"approved": "success", "pending": "info", "rejected": "critical"}
KIND_TONES = {"redemption": "info", "expiry": "warning", "reversal": "critical", "rejection": "critical"}
DOORS = {
    "rest": gettext_lazy("the REST API"),
    "flow": gettext_lazy("Shopify Flow"),
    "staff": gettext_lazy("the admin"),
    "signup": gettext_lazy("sign-up"),
    "manual": gettext_lazy("the admin"),
}
SENTENCES = {
    Entry.Kind.REDEMPTION: gettext_lazy("Spent on a reward, oldest points first"),
    Entry.Kind.REJECTION: gettext_lazy("Taken back before the points could be spent"),
    Entry.Kind.REVERSAL: gettext_lazy("Points that were given are taken back"),
    Entry.Kind.FORGIVENESS: gettext_lazy("Points that were owed are owed no more"),
    Entry.Kind.OPENING: gettext_lazy("Brought along from before"),
    Entry.Kind.RETURN: gettext_lazy("Points of a reward that was given back"),
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of the points history with its explanation; `points` is signed."""

    entry_id: int
    title: str
    note: str
    points: int
    status: str
    tone: str
    at: datetime
    due_at: datetime | None
    why: list[str]
    is_test: bool


def history_rows(entries: Iterable[Entry], *, member_id: int) -> list[HistoryRow]:
    """Turns a member's entries into lines. What an entry was granted for is told by the award behind it."""
    page = list(entries)
    wanted = {entry.pk for entry in page} | {entry.reverses_id for entry in page if entry.reverses_id}
    awards = {award.entry_id: award for award in earning.awards_of(member_id=member_id).filter(entry_id__in=wanted)}
    return [_row(entry, awards) for entry in page]


def _row(entry: Entry, awards: dict[int | None, Award]) -> HistoryRow:
    award = awards.get(entry.pk)
    granted = awards.get(entry.reverses_id) if entry.reverses_id else None
    return HistoryRow(
        entry_id=entry.pk,
        title=_title(entry, award or granted),
        note=_note(entry, award),
        points=entry.points,
        status=award.get_status_display() if award else entry.get_kind_display(),
        tone=TONES.get(award.status, "neutral") if award else KIND_TONES.get(entry.kind, "neutral"),
        at=entry.created_at,
        due_at=award.due_at if award and award.status == Award.Status.PENDING else None,
        why=_why(entry, award, granted),
        is_test=entry.is_test,
    )


def _title(entry: Entry, award: Award | None) -> str:
    if entry.kind == Entry.Kind.ADJUSTMENT:
        return _("Adjusted by an import") if entry.source == "import" else _("Adjusted by hand")
    details = entry.details or {}
    name = (award.rule.name if award and award.rule else None) or details.get("rule_name") or details.get("reward_name")
    if entry.kind in {Entry.Kind.ACCRUAL, Entry.Kind.REDEMPTION}:
        return str(name or entry.get_kind_display())
    return f"{entry.get_kind_display()}: {name}" if name else entry.get_kind_display()


def _note(entry: Entry, award: Award | None) -> str:
    details = entry.details or {}
    own = award.note if award and entry.kind == Entry.Kind.ADJUSTMENT else None
    return str(own or details.get("note") or details.get("reason") or "")


def _why(entry: Entry, award: Award | None, granted: Award | None) -> list[str]:
    """Sentences from what was recorded; an entry without an award behind it speaks by its kind."""
    lines = explain(award.breakdown) if award else []
    if entry.kind in SENTENCES:
        lines.append(str(SENTENCES[Entry.Kind(entry.kind)]))
    elif entry.kind == Entry.Kind.EXPIRY:
        lines.append(
            _("These points could be spent until %(day)s (UTC) and were not") % {"day": a_long_date(entry.effective_at)}
        )
    elif entry.kind == Entry.Kind.MERGE:
        lines.append(
            _("Moved with a customer who was merged into this one")
            if entry.points > 0
            else _("Moved with a customer who was merged away")
        )
    elif entry.kind == Entry.Kind.CLEAN_UP:
        lines.append(_("What the test gave is gone") if entry.points < 0 else _("What the test had taken is back"))
    if (written_off := int((entry.details or {}).get("written_off", 0))) > 0:
        lines.append(
            _("%(written_off)s more were spent already and are written off") % {"written_off": number(written_off)}
        )
    if granted and granted.created_at:
        lines.append(_("They were given on %(day)s (UTC)") % {"day": a_long_date(granted.created_at)})
    if entry.shortfall:
        lines.append(_("%(shortfall)s were not there any more and are owed") % {"shortfall": number(entry.shortfall)})
    if entry.is_test and entry.kind != Entry.Kind.CLEAN_UP:
        lines.append(_("A test: left out of figures, budgets and limits, and taken back by the clean-up"))
    door = DOORS.get(award.source if award else entry.source)
    return [*lines, _("Came through %(door)s") % {"door": door}] if door and award else lines
