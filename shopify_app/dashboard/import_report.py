"""What an import came to, line by line, and its rows as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.imports.models import Import, ImportRow
from loyalty.programs.models import Program
from shopify_app.dashboard.import_words import sentence, who
from shopify_app.dashboard.reading import number as figure


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


def _sentences(told: list[tuple[int, str]]) -> list[str]:
    """Sentences with their figures; what there is nothing of is left out."""
    return [sentence % {"number": figure(number)} for number, sentence in told if number]


def result_of(imported: Import) -> list[str]:
    """Returns what was done, in sentences."""
    counts = imported.counts
    did, joined, same = (int(counts.get(name, 0)) for name in ("did", "joined", "same"))
    faults = int(counts.get("error", 0)) + int(counts.get("left_out", 0))
    brought, deducted = (int(imported.totals.get(name, 0)) for name in ("brought", "deducted"))
    return _sentences(
        [
            (did, ngettext("%(number)s row was imported", "%(number)s rows were imported", did)),
            (
                joined,
                ngettext("%(number)s customer has become a member", "%(number)s customers have become members", joined),
            ),
            (brought, ngettext("%(number)s point was added", "%(number)s points were added", brought)),
            (deducted, ngettext("%(number)s point was deducted", "%(number)s points were deducted", deducted)),
            (same, ngettext("%(number)s row changed nothing", "%(number)s rows changed nothing", same)),
            (
                faults,
                ngettext(
                    "%(number)s row was left out because of an error",
                    "%(number)s rows were left out because of an error",
                    faults,
                ),
            ),
        ]
    )


def undone_of(imported: Import) -> list[str]:
    """Returns what taking an import back came to, in sentences."""
    taken, spent, given = (int(imported.totals.get(name, 0)) for name in ("taken_back", "spent", "given_back"))
    birthdays, tiers = (int(imported.counts.get(name, 0)) for name in ("birthdays_back", "tiers_back"))
    told = [
        (taken, ngettext("%(number)s point was taken back", "%(number)s points were taken back", taken)),
        (
            spent,
            ngettext(
                "%(number)s point was spent or had ended, and stays so",
                "%(number)s points were spent or had ended, and stay so",
                spent,
            ),
        ),
        (given, ngettext("%(number)s deducted point is back", "%(number)s deducted points are back", given)),
        (
            birthdays,
            ngettext("%(number)s birthday is what it was", "%(number)s birthdays are what they were", birthdays),
        ),
        (
            tiers,
            ngettext(
                "%(number)s member stands on the tier from before",
                "%(number)s members stand on the tier from before",
                tiers,
            ),
        ),
    ]
    joined = [_("Who joined with the import is still a member")] if imported.counts.get("joined") else []
    return _sentences(told) + joined
