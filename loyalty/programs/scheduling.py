"""Scheduled work, shop by shop: each run is a row with its counts, is done in steps, and goes on where it was stopped.

A run belongs to one worker at a time by a lease on its row, renewed with every step: two workers never do the same shop's
job at once, and a worker that died is succeeded once its lease is over. A run that waits for somebody else rests until a
time, by the same lease, and keeps no worker from other shops. One shop's fault ends that shop's run, says so in its row,
and holds nobody else up. A step commits its own work and may be repeated to no effect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django_scopes import scope, scopes_disabled

from loyalty.programs.models import Program, ScheduledRun

LEASE = timedelta(minutes=3)
"""How long a run waits for a step of its worker; longer than a task may take (config/settings.py)."""
BUDGET = timedelta(seconds=60)
"""How long one task works before it asks for another, so that no task comes near its time limit."""
KEPT = timedelta(days=90)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: where the next begins (None: nothing is left), and how many of what it worked on.

    `rests_until`: the next step has nothing to do before that; None is at once.
    """

    cursor: str | None
    counts: Mapping[str, int] = field(default_factory=dict)
    rests_until: datetime | None = None


Work = Callable[[Program, str, datetime], Step]
"""A job: the programme (in scope), the cursor ("" at the beginning) and the time; see `Step`."""


def run(
    *,
    name: str,
    programs: Iterable[int],
    work: Work,
    clock: Callable[[], datetime],
    begun: datetime | None = None,
    budget: timedelta = BUDGET,
    begins: bool = True,
) -> bool:
    """Runs a job over programmes, one after the other, and returns whether all is done; else it is to be called again.

    A run that rests is done with for now; a later call finds it by `open_runs` and takes it up.

    Args:
        name: The job's own, for ever: a run that was stopped is found by it.
        programs: Ids of the programmes that have something to do.
        work: Does one step; its time is read before each.
        clock: Tells the time.
        begun: When the first call of this round began: programmes whose run was begun since and is over are done.
        budget: No step begins after this; the run stays open and is resumed by the next call.
        begins: Whether runs are begun; else what nobody has asked for (`open_run`), or another worker has just ended, is left.
    """
    until = clock() + budget
    for program_id in programs:
        with scope(program=program_id):
            if begun is not None and _is_done(name, begun):
                continue
            claimed = _claim(program_id, name, clock(), begins=begins)
            if claimed is not None and not _drive(claimed, work, clock, until):
                return False
    return True


def round_began(begun: str | None, *, now: datetime) -> datetime:
    """Returns when a round of a job began: what the task before handed on as text, or now."""
    return datetime.fromisoformat(begun) if begun else now


def ran_since(*, program_id: int, name: str, since: datetime) -> bool:
    """Whether a job of a programme was begun at or after `since` and ended without a fault."""
    with scope(program=program_id):
        runs = ScheduledRun.objects.filter(name=name, started_at__gte=since, error="")
        return bool(runs.exclude(finished_at=None).exists())


def open_runs(*, name: str) -> list[int]:
    """Returns the programmes whose run of a job was stopped before its end, or is under way."""
    with scopes_disabled():
        return list(ScheduledRun.objects.filter(name=name, finished_at=None).values_list("program_id", flat=True))


def open_run(*, program_id: int, name: str, now: datetime, terms: Mapping[str, object] | None = None) -> ScheduledRun:
    """Opens a run that somebody has asked for, to be found by `open_runs` whatever becomes of the nudge; one at a time.

    Args:
        terms: What exactly was asked for; a run that is open already keeps its own.
    """
    with scope(program=program_id):
        try:
            with transaction.atomic():
                made: ScheduledRun = ScheduledRun.objects.create(
                    program_id=program_id, name=name, started_at=now, leased_until=now, terms=dict(terms or {})
                )
                return made
        except IntegrityError:
            found: ScheduledRun = ScheduledRun.objects.get(name=name, finished_at=None)
            return found


def latest_run(*, name: str, is_over: bool = False) -> ScheduledRun | None:
    """Returns the newest run of a job in the programme in scope, under way or over; None when there was none.

    Args:
        is_over: Only a run that has ended.
    """
    runs = ScheduledRun.objects.filter(name=name).order_by("-started_at", "-pk")
    found: ScheduledRun | None = (runs.exclude(finished_at=None) if is_over else runs).first()
    return found


def forget_runs(*, now: datetime) -> int:
    """Drops runs that ended long ago, and returns how many."""
    with scopes_disabled():
        count, _ = ScheduledRun.objects.filter(finished_at__lt=now - KEPT).delete()
    return int(count)


def _is_done(name: str, begun: datetime) -> bool:
    return bool(ScheduledRun.objects.filter(name=name, started_at__gte=begun).exclude(finished_at=None).exists())


def _claim(program_id: int, name: str, now: datetime, *, begins: bool) -> ScheduledRun | None:
    """Takes a stopped run up again or begins one; None while another worker has it, it rests, or there is none to go on with."""
    try:
        with transaction.atomic():
            present = ScheduledRun.objects.select_for_update(skip_locked=True).filter(name=name, finished_at=None)
            found: ScheduledRun | None = present.first()
            if found is None and not begins:
                return None
            if found is None:
                begun: ScheduledRun = ScheduledRun.objects.create(
                    program_id=program_id, name=name, started_at=now, leased_until=now + LEASE
                )
                return begun
            if found.leased_until > now:
                return None
            found.claims, found.leased_until = found.claims + 1, now + LEASE
            found.save(update_fields=["claims", "leased_until"])
            return found
    except IntegrityError:  # another worker began it a moment ago
        return None


def _drive(claimed: ScheduledRun, work: Work, clock: Callable[[], datetime], until: datetime) -> bool:
    """Steps a claimed run to its end; False when the time was up before."""
    mine = ScheduledRun.objects.filter(pk=claimed.pk, claims=claimed.claims, finished_at=None)
    while (now := clock()) < until:
        program = Program.objects.get(pk=claimed.program_id)
        try:
            step = work(program, claimed.cursor, now)
        except Exception as fault:  # whatever it is, the other shops' work is due as well
            _log.exception("%s failed for %s", claimed.name, program.shopify_domain)
            mine.update(finished_at=clock(), error=f"{type(fault).__name__}: {fault}"[:500])
            return True
        for what, number in step.counts.items():
            claimed.counts[what] = claimed.counts.get(what, 0) + number
        claimed.cursor = step.cursor or claimed.cursor
        ended = clock()
        if not mine.update(
            counts=claimed.counts,
            cursor=claimed.cursor,
            leased_until=step.rests_until or ended + LEASE,
            finished_at=ended if step.cursor is None else None,
        ):
            return True  # it was taken over: the other worker goes on
        if step.cursor is None or step.rests_until is not None:
            return True
    mine.update(leased_until=clock())
    return False
