"""CSV that streams: constant memory however long the list is, and harmless in a spreadsheet.

RFC 4180 with a byte order mark, without which Excel reads UTF-8 wrongly. A cell of text that a spreadsheet would take for a
formula is put behind a quote (OWASP, "CSV injection"); numbers stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django_scopes import scope

from loyalty.programs.models import Program

CHUNK = 1000
"""Rows that are read, looked up and sent together."""
BOM = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A list to export.

    Attributes:
        name: What the file is called, without its day.
        columns: The words of the first line.
        found: The rows to read, in their order.
        lines: Turns some of them into cells; it runs with the programme in scope.
    """

    name: str
    columns: Sequence[str]
    found: QuerySet[Any]
    lines: Callable[[list[Any]], list[Sequence[Cell]]]


class _Line:
    """What `csv` writes to: it hands each line back."""

    def write(self, text: str) -> str:
        return text


def defused(text: str) -> str:
    """Returns text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def written(cell: Cell, program: Program) -> str:
    """Returns a cell as it is written: instants in ISO 8601 with the shop's offset, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.astimezone(program.zone).isoformat(timespec="seconds")
    return defused(cell) if isinstance(cell, str) else str(cell)


def streamed(table: Table, program: Program) -> Iterator[bytes]:
    """Yields the file in pieces of `CHUNK` lines. Rows are read through a cursor of the server, so none are kept.

    The pieces are made after the view has answered: each enters the programme's scope itself and leaves it again.
    """
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield (BOM + writer.writerow(table.columns)).encode()
    rows = table.found.iterator(chunk_size=CHUNK)
    while some := list(islice(rows, CHUNK)):
        with scope(program=program):
            lines = table.lines(some)
        text = [writer.writerow([written(cell, program) for cell in line]) for line in lines]
        yield "".join(text).encode()


def answer(table: Table, program: Program, *, today: date) -> StreamingHttpResponse:
    """Returns the file as a download."""
    response = StreamingHttpResponse(streamed(table, program), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}-{today.isoformat()}.csv"'
    response["Cache-Control"], response["X-Content-Type-Options"] = "no-store", "nosniff"
    return response
