"""Files about imports: the rows that are left out, with the reason, and a sample to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from loyalty.imports import queries
from loyalty.imports.errors import ImportNotFound
from loyalty.imports.models import ImportRow
from loyalty.programs.models import Program
from shopify_app.dashboard.exporting import Cell, Table
from shopify_app.dashboard.import_words import sentence, who

ERRORS = ("import",)
_SAMPLE: Sequence[Sequence[Cell]] = (
    ("ada@example.com", 1200, 3400, "Gold", "1990-04-03", "2027-12-31"),
    ("grace@example.com", 80, 80, "", "1985-12-09", ""),
    ("mary@example.com", 0, 250, "", "", ""),
)


def error_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the rows of an import that are left out, in the file's order.

    Raises:
        Http404: No such import in this programme.
    """
    text = query.get("import", "")
    try:
        imported = queries.import_by_id(import_id=int(text) if text.isascii() and text.isdigit() else 0)
    except ImportNotFound as refusal:
        raise Http404(refusal.sentence) from refusal

    def lines(found: list[ImportRow]) -> list[Sequence[Cell]]:
        return [(row.number, who(row), sentence(row)) for row in found]

    columns = (_("Row"), _("Who"), _("What is wrong"))
    return Table("import-errors", columns, queries.rows(imported, verdict=ImportRow.Verdict.ERROR), lines)


def sample_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns a file to fill in: the same for every programme, by headers that an import knows."""
    columns = ("Email", "Points", "Lifetime points", "VIP tier", "Birthday", "Points expire on")
    here = Program.objects.filter(pk=program.pk)
    return Table("import-sample", columns, here, lambda _programs: list(_SAMPLE))
