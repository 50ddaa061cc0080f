"""The job of imports: whichever of a programme is at work does its next step, in one transaction with where it stands.

A recorded run (`programs/scheduling.py`). A worker that dies amid a step leaves nothing of it, so that no row is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django_scopes import scopes_disabled

from loyalty.imports.models import WORKING, Import
from loyalty.members.ports import ShopUnreachable
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step

RUN = "import"
"""The run's name, for ever."""
LATER = timedelta(seconds=10)
"""How long a step waits for the shop or a lock."""
MOST_TROUBLES = 360
"""How often in a row it waits before it stops, and the page says so."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RowStep:
    """What a step did: where the next begins, and up to which row of the file this one came."""

    cursor: str
    done: int | None = None
    rests_until: datetime | None = None


Work = Callable[[Program, Import, datetime], RowStep]


def at_work() -> list[int]:
    """Returns the programmes with an import that has something to do."""
    with scopes_disabled():
        working = Import.objects.filter(state__in=WORKING, error="")
        return list(working.order_by("program_id").values_list("program_id", flat=True).distinct())


def work_of(table: Mapping[str, Work]) -> Callable[[Program, str, datetime], Step]:
    """Returns the job, which does for each state what `table` says."""

    def work(program: Program, cursor: str, now: datetime) -> Step:
        imported = Import.objects.filter(state__in=WORKING, error="").order_by("pk").first()
        if imported is None:
            return Step(None)
        try:
            return _step(table[imported.state], program, imported.pk, now)
        except (ShopUnreachable, OperationalError, InterfaceError) as trouble:
            troubles = int(imported.counts.get("troubles", 0)) + 1
            if troubles > MOST_TROUBLES:
                return _stopped(imported, trouble)
            _log.warning("an import has to wait: %s: %s", type(trouble).__name__, trouble)
            Import.objects.filter(pk=imported.pk).update(counts={**imported.counts, "troubles": troubles})
            return Step("on", rests_until=now + LATER)
        except Exception as fault:  # whatever it is, the next import is due as well, and the page says what to do
            _log.exception("import %s stopped", imported.pk)
            return _stopped(imported, fault)

    return work


def _stopped(imported: Import, fault: Exception) -> Step:
    Import.objects.filter(pk=imported.pk).update(error=f"{type(fault).__name__}: {fault}"[:500])
    return Step("on")


@transaction.atomic
def _step(work: Work, program: Program, import_id: int, now: datetime) -> Step:
    imported = Import.objects.select_for_update(no_key=True).filter(pk=import_id).first()
    if imported is None or not imported.is_at_work:
        return Step("on")  # thrown away or stopped meanwhile
    step = work(program, imported, now)
    imported.cursor = step.cursor
    counts = {name: count for name, count in imported.counts.items() if name != "troubles"}
    imported.counts = counts | ({"done": step.done} if step.done is not None else {})
    imported.save()
    return Step("on", rests_until=step.rests_until)
