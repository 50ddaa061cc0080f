"""What a person decides of an import: its columns, that it begins, that it goes on, that it is taken back or thrown away.

Each locks the import's row, so that two presses of a button are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.imports.errors import ImportNotFound, NothingToDo, WrongMoment
from loyalty.imports.fields import FIELDS, HISTORY
from loyalty.imports.models import WORKING, Import, ImportChunk, ImportRow
from loyalty.imports.options import Options
from loyalty.nudging import nudge_after_commit

TASK = "loyalty.imports.tasks.go_on"
_State = Import.State


def locked(import_id: int) -> Import:
    """Locks an import of the programme in scope until the transaction ends.

    Raises:
        ImportNotFound: There is none.
    """
    found: Import | None = Import.objects.select_for_update(no_key=True).filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound(import_id)
    return found


@transaction.atomic
def match(*, import_id: int, kind: str, columns: Mapping[str, int], options: Options) -> Import:
    """Says what the columns hold, and begins to read the file for the preview; also anew, before it was run.

    Raises:
        ImportNotFound: There is none.
        WrongMoment: It has been run, or its file is gone.
        NothingToDo: Nobody could be found by these columns, or nothing would change.
    """
    imported = locked(import_id)
    is_open = imported.state in (_State.UPLOADED, _State.READING, _State.READY)
    if not is_open or not ImportChunk.objects.filter(imported=imported).exists():
        raise WrongMoment(imported.state)
    chosen = {
        name: place for name, place in columns.items() if kind in FIELDS[name].kinds and place < len(imported.headers)
    }
    _check(kind, chosen)
    imported.kind, imported.columns, imported.options = kind, chosen, options.kept()
    imported.counts, imported.totals = {}, {}
    _begin(imported, _State.READING)
    ImportRow.objects.filter(imported=imported).delete()
    return imported


def _check(kind: str, columns: Mapping[str, int]) -> None:
    if not {"email", "shopify_customer_id"} & columns.keys():
        raise NothingToDo("column_email", _("Choose the column that holds e-mail addresses or Shopify customer ids."))
    if kind == HISTORY:
        for name, sentence in (
            ("points", _("Choose the column that holds the points of each movement.")),
            ("happened_on", _("Choose the column that holds the day of each movement.")),
        ):
            if name not in columns:
                raise NothingToDo(f"column_{name}", sentence)
    taken = [place for place in columns.values() if list(columns.values()).count(place) > 1]
    if taken:
        twice = next(name for name, place in reversed(list(columns.items())) if place in taken)
        raise NothingToDo(f"column_{twice}", _("A column can hold one thing only. Choose another one here."))


@transaction.atomic
def start(*, import_id: int, actor: str, now: datetime) -> Import:
    """Begins to do what the preview showed. A second press changes nothing.

    Raises:
        ImportNotFound: There is none.
        WrongMoment: It is not ready.
    """
    imported = locked(import_id)
    if imported.state in (_State.RUNNING, _State.DONE):
        return imported
    if imported.state != _State.READY or imported.dropped_at is not None:
        raise WrongMoment(imported.state)
    imported.started_by, imported.started_at = actor[:150], now
    ImportChunk.objects.filter(imported=imported).delete()  # the rows say all that is still needed
    _begin(imported, _State.RUNNING)
    return imported


@transaction.atomic
def undo(*, import_id: int, actor: str, now: datetime) -> Import:
    """Begins to take an import back, also one that stopped in the middle. Undoing twice does nothing more.

    Raises:
        ImportNotFound: There is none.
        WrongMoment: Nothing was run, or the rows that say what was done are gone.
    """
    imported = locked(import_id)
    if imported.state in (_State.UNDOING, _State.UNDONE):
        return imported
    stopped = imported.state == _State.RUNNING and imported.error
    if imported.dropped_at is not None or not (imported.state == _State.DONE or stopped):
        raise WrongMoment(imported.state)
    imported.undone_by, imported.undo_started_at = actor[:150], now
    _begin(imported, _State.UNDOING)
    return imported


@transaction.atomic
def go_on(*, import_id: int) -> Import:
    """Takes up work that a fault has stopped, where it stopped.

    Raises:
        ImportNotFound: There is none.
    """
    imported = locked(import_id)
    if imported.state in WORKING and imported.error:
        imported.error = ""
        imported.save(update_fields=["error"])
        nudge_after_commit(TASK)
    return imported


@transaction.atomic
def discard(*, import_id: int) -> None:
    """Throws away an import that was never run, with its file.

    Raises:
        ImportNotFound: There is none.
        WrongMoment: It was run: what it did stays on the list.
    """
    imported = locked(import_id)
    if imported.state not in (_State.UPLOADED, _State.READING, _State.READY):
        raise WrongMoment(imported.state)
    imported.delete()


def _begin(imported: Import, state: Import.State) -> None:
    imported.state, imported.cursor, imported.error = state, "", ""
    imported.save()
    nudge_after_commit(TASK)
