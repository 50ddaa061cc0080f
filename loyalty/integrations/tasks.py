"""What runs later of integrations: back-fills that somebody has asked for. Each is an open run in its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from loyalty.integrations import leaving, syncing
from loyalty.integrations.vendors import VENDORS
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, Work, open_runs, run

SOONEST_SECONDS = 0.2


@shared_task
def go_on_syncing(**_: Any) -> None:
    """Goes on with what was asked for, shop by shop. Safe to run twice at once.

    A run that had to rest is taken up by the same chain of tasks when it may go on: only who worked on one comes back for it,
    so that the schedule, which finds what a chain has lost, starts no second one.
    """
    rests: list[datetime] = []
    is_done = True
    for vendor in VENDORS:
        for job in (syncing, leaving):
            name, work = job.run_name(vendor.slug), _noting(job.work_of(vendor), rests)
            is_done &= run(name=name, programs=open_runs(name=name), work=work, clock=timezone.now, begins=False)
    if rests or not is_done:
        wait = (min(rests) - timezone.now()).total_seconds() if is_done else 0.0
        go_on_syncing.apply_async(countdown=max(wait, SOONEST_SECONDS), retry=False)


def _noting(work: Work, rests: list[datetime]) -> Work:
    """The same job, which notes until when its steps rest."""

    def noted(program: Program, cursor: str, now: datetime) -> Step:
        step = work(program, cursor, now)
        if step.rests_until is not None:
            rests.append(step.rests_until)
        return step

    return noted
