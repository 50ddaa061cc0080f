"""What an import came to, line by line, and its rows as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.imports.models import Import, ImportRow
from loyalty.programs.models import Program
from shopify_app.dashboard.import_words import sentence, who
from shopify_app.dashboard.templatetags.encore import number as figure


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: whom it is about, what it says, and what it would move."""

    number: int
    who: str
    member_id: int | None
    balance: int | None
    delta: int
    tier: str
    birthday: date | None
    sentence: str


def shown(row: ImportRow) -> Row:
    """Returns a row as it is shown."""
    return Row(
        number=row.number,
        who=who(row),
        member_id=row.member_id,
        balance=row.points,
        delta=row.delta,
        tier=row.tier_name,
        birthday=row.date_of_birth,
        sentence=sentence(row) if row.fault else "",
    )


@dataclass(frozen=True, slots=True)
class Report:
    """What happened, in sentences, and who did it when; `undone` is what taking it back came to."""

    lines: list[str]
    undone: list[str]
    started_at: datetime | None
    finished_at: datetime | None
    minutes: int
    seconds: int


def report(imported: Import, program: Program) -> Report | None:
    """Returns what an import came to; None before it was run."""
    if imported.started_at is None:
        return None
    took = (imported.finished_at or imported.started_at) - imported.started_at
    minutes, seconds = divmod(int(took.total_seconds()), 60)
    return Report(
        result_of(imported),
        undone_of(imported) if imported.state == Import.State.UNDONE else [],
        imported.started_at,
        imported.finished_at,
        minutes,
        seconds,
    )


def _told(number: int, one: str, several: str) -> str:
    """A sentence with its figure; the empty one where there is nothing to say."""
    return ngettext(one, several, number) % {"number": figure(number)} if number else ""


def result_of(imported: Import) -> list[str]:
    """Returns what was done, in sentences; what there is nothing of is left out."""
    counts, totals = imported.counts, imported.totals
    rows, points = (lambda name: int(counts.get(name, 0))), (lambda name: int(totals.get(name, 0)))
    lines = [
        _told(rows("did"), "%(number)s row was imported", "%(number)s rows were imported"),
        _told(rows("joined"), "%(number)s customer has become a member", "%(number)s customers have become members"),
        _told(points("brought"), "%(number)s point was added", "%(number)s points were added"),
        _told(points("deducted"), "%(number)s point was deducted", "%(number)s points were deducted"),
        _told(rows("same"), "%(number)s row changed nothing", "%(number)s rows changed nothing"),
        _told(
            rows("error") + rows("left_out"), "%(number)s row was left out because of an error",
            "%(number)s rows were left out because of an error",
        ),
    ]  # fmt: skip
    return [line for line in lines if line]


def undone_of(imported: Import) -> list[str]:
    """Returns what taking an import back came to, in sentences."""
    counts, totals = imported.counts, imported.totals
    lines = [
        _told(int(totals.get("taken_back", 0)), "%(number)s point was taken back", "%(number)s points were taken back"),
        _told(
            int(totals.get("spent", 0)), "%(number)s point was spent or had ended, and stays so",
            "%(number)s points were spent or had ended, and stay so",
        ),
        _told(int(totals.get("given_back", 0)), "%(number)s deducted point is back", "%(number)s deducted points are back"),
        _told(
            int(counts.get("birthdays_back", 0)), "%(number)s birthday is what it was", "%(number)s birthdays are what they were"
        ),
        _told(
            int(counts.get("tiers_back", 0)), "%(number)s member stands on the tier from before",
            "%(number)s members stand on the tier from before",
        ),
        _("Who joined with the import is still a member"),
    ]  # fmt: skip
    return [line for line in lines if line]
