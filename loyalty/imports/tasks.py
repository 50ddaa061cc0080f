"""What runs later of imports: whoever's file is to be read, done or taken back. All of it stands in rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from loyalty.imports import operations
from loyalty.imports.operations.steps import RUN, at_work
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, run

SOONEST_SECONDS = 0.2


@shared_task
def go_on(**_: Any) -> None:
    """Goes on with every import that is at work, shop by shop. Safe to run twice at once.

    An import that waits for the shop is taken up by the same chain of tasks when it may go on.
    """
    rests: list[datetime] = []

    def work(program: Program, cursor: str, now: datetime) -> Step:
        step = operations.work(program, cursor, now)
        if step.rests_until is not None:
            rests.append(step.rests_until)
        return step

    is_done = run(name=RUN, programs=at_work(), work=work, clock=timezone.now)
    if rests or not is_done:
        wait = (min(rests) - timezone.now()).total_seconds() if is_done else 0.0
        go_on.apply_async(countdown=max(wait, SOONEST_SECONDS), retry=False)
