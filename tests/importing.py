"""Importing as a merchant does, for tests: a file in, columns as guessed, worked to its end by no clock but ours."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_scopes import scope

from loyalty.imports import operations
from loyalty.imports.models import Import, ImportRow
from loyalty.imports.operations.steps import RUN, at_work
from loyalty.imports.options import Options
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Hold
from loyalty.outbox.models import Event
from loyalty.programs.models import Program
from loyalty.programs.scheduling import run
from tests.a_shop import NOW


class Importer:
    """One merchant with files. Times are fixed, and only move where a run has to rest."""

    def __init__(self, program: Program, now: datetime = NOW) -> None:
        self.program, self.now = program, now

    def upload(self, text: str | bytes, *, source: str = "other", name: str = "members.csv") -> Import:
        body = text.encode() if isinstance(text, str) else text
        with scope(program=self.program):
            return operations.upload(
                program=self.program, file_name=name, pieces=lambda: [body[at : at + 64] for at in range(0, len(body), 64)],
                source=source, actor="ada", now=self.now,
            )  # fmt: skip

    def preview(
        self, text: str | bytes, *, columns: dict | None = None, kind: str = "", source="other", **options
    ) -> Import:
        return self.match(self.upload(text, source=source), columns=columns, kind=kind, **options)

    def match(self, imported: Import, *, columns: dict | None = None, kind: str = "", **options) -> Import:
        with scope(program=self.program):
            operations.match(
                import_id=imported.pk, kind=kind or imported.kind, columns=columns or imported.columns,
                options=Options(**options),
            )  # fmt: skip
        return self.work(imported)

    def run(self, text: str | bytes, **choices) -> Import:
        return self.start(self.preview(text, **choices))

    def start(self, imported: Import) -> Import:
        with scope(program=self.program):
            operations.start(import_id=imported.pk, actor="ada", now=self.now)
        return self.work(imported)

    def undo(self, imported: Import) -> Import:
        with scope(program=self.program):
            operations.undo(import_id=imported.pk, actor="ada", now=self.now)
        return self.work(imported)

    def work(self, imported: Import) -> Import:
        for _ in range(60):
            if not at_work():
                break
            run(name=RUN, programs=at_work(), work=operations.work, clock=lambda: self.now)
            self.now += timedelta(minutes=4)
        with scope(program=self.program):
            imported.refresh_from_db()
        return imported

    def rows(self, imported: Import) -> list[ImportRow]:
        with scope(program=self.program):
            return list(ImportRow.objects.filter(imported=imported).order_by("number"))

    def faults(self, imported: Import) -> dict[int, str]:
        return {row.number: row.fault for row in self.rows(imported) if row.fault}


def spend(account: Account, points: int) -> None:
    """Points that buy something."""
    ledger.hold(program_id=account.program_id, account_id=account.pk, points=points, key=f"spend-{points}", now=NOW)
    hold = Hold.objects.latest("pk")
    ledger.capture(program_id=account.program_id, hold_id=hold.pk, key=f"spent-{points}", source="reward", now=NOW)


def told() -> list[str]:
    """Kinds of the events about members, in the order of their names."""
    return sorted(Event.objects.exclude(kind="programme.changed").values_list("kind", flat=True))
