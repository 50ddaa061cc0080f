"""Reading a file for its preview: lines become rows, rows find their people, and each is judged. Nothing else is written.

In steps, each by its cursor: `read:n` a chunk of the file · `find:n` members, by id and address · `ask:…` the shop's customers,
for who is no member · `again:n` addresses of members, where an id led nowhere · `order:n` what movements leave,
in a history, for some of its people · `judge:n` what each row would do · `sum`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from django.db import connection

from loyalty.imports import sets
from loyalty.imports.checking import Line, looks_day_first, read_line
from loyalty.imports.fields import HISTORY
from loyalty.imports.models import Import, ImportChunk, ImportRow
from loyalty.imports.operations.steps import RowStep
from loyalty.imports.options import Options
from loyalty.members.ports import customer_book
from loyalty.programs.models import Program

RANGE = 20_000
"""Rows of the file that one step finds or judges."""
PART = 50_000
"""Rows of a history, about, whose balances one step follows along: those of some of its people."""
POLLED = timedelta(seconds=2)
_COPY = """COPY imports_importrow (program_id, imported_id, number, shopify_customer_id, email, points, lifetime, tier_name,
    date_of_birth, expires_on, sorted_on, note, verdict, fault, fault_value, delta, is_applied, moved, lifetime_moved, is_undone,
    taken) FROM STDIN"""


def stage_some(program: Program, imported: Import, now: datetime) -> RowStep:
    """Does the next step of reading, in the caller's transaction."""
    phase, _, place = imported.cursor.partition(":")
    if phase in ("", "read"):
        return _read(program, imported, int(place or 0), now)
    last_row = _last_row(imported)
    if phase in ("find", "again"):
        return _find(imported, phase, int(place), last_row)
    if phase == "ask":
        return _ask(program, imported, place, now)
    if phase == "order":
        parts = last_row // PART + 1
        sets.judge_history(imported, part=int(place), parts=parts)
        return RowStep(f"order:{int(place) + 1}" if int(place) + 1 < parts else "judge:0")
    if phase == "judge":
        until = int(place) + RANGE
        sets.judge(imported, int(place), until, Options.of(imported.options), now=now)
        return RowStep("sum" if until >= last_row else f"judge:{until}", min(until, last_row))
    imported.counts, imported.totals = sets.summary(imported)
    imported.state = Import.State.READY
    return RowStep("")


def day_first_of(imported: Import) -> bool | None:
    """Returns whether the days of a file stand before their months, by its first lines; None where none tells."""
    chunk = ImportChunk.objects.filter(imported=imported).order_by("number").first()
    lines: list[tuple[int, list[str]]] = json.loads(chunk.body or "[]") if chunk else []
    names = ("birthday", "expires_on", "happened_on")
    places = [imported.columns[name] for name in names if name in imported.columns]
    cells = chain.from_iterable([line[place] for place in places if place < len(line)] for _, line in lines)
    return looks_day_first(islice(cells, 10_000))


def _read(program: Program, imported: Import, number: int, now: datetime) -> RowStep:
    chunk = ImportChunk.objects.filter(imported=imported, number=number).first()
    if chunk is None:
        return RowStep("find:0")
    options, today = Options.of(imported.options), now.astimezone(program.zone).date()
    lines: list[tuple[int, list[str]]] = json.loads(chunk.body or "[]")
    adds = not options.sets_balance
    read = (
        (
            row,
            read_line(cells, imported.columns, kind=imported.kind, day_first=options.day_first, adds=adds, today=today),
        )
        for row, cells in lines
    )
    _copy(imported, read)
    return RowStep(f"read:{number + 1}", lines[-1][0])


def _find(imported: Import, phase: str, after: int, last_row: int) -> RowStep:
    """Finds some rows' members; when all are found who can be, the rest is asked for, or all are judged."""
    until = after + RANGE
    sets.find_members(imported, after, until, by_address_too=phase == "again")
    following = f"{phase}:{until}"
    if until >= last_row:
        judging = "order:0" if imported.kind == HISTORY else "judge:0"
        following = "ask:" if phase == "find" and sets.has_strangers(imported) else judging
    return RowStep(following, min(until, last_row))


def _copy(imported: Import, read: Iterable[tuple[int, Line]]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, line in read:
            copy.write_row(_cells(imported, number, line))


def _cells(imported: Import, number: int, line: Line) -> tuple[Any, ...]:
    """A row as the database takes it."""
    verdict = ImportRow.Verdict.ERROR.value if line.fault else ""
    said = (
        line.shopify_customer_id, line.email, line.points, line.lifetime, line.tier_name, line.date_of_birth,
        line.expires_on, line.sorted_on, line.note,
    )  # fmt: skip
    return (
        imported.program_id, imported.pk, number, *said, verdict, str(line.fault), line.fault_value,
        0, False, 0, 0, False, 0,
    )  # fmt: skip


def _ask(program: Program, imported: Import, cursor: str, now: datetime) -> RowStep:
    """Reads some of the shop's customers, and notes those whom rows are about."""
    page = customer_book().read(
        shopify_domain=program.shopify_domain, asked_by=f"import{imported.pk}on{now:%Y%m%d}", cursor=cursor, now=now
    )
    sets.note_customers(imported, page.customers)
    if page.cursor is None:
        sets.find_members_of_customers(imported)
        return RowStep("again:0")
    return RowStep(f"ask:{page.cursor}", rests_until=now + POLLED if page.is_waiting else None)


def _last_row(imported: Import) -> int:
    last = ImportRow.objects.filter(imported=imported).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0)
