"""What runs later in test mode: clean-ups and late awards that somebody has asked for. Each is an open run in its row."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from loyalty.programs.scheduling import Work, open_runs, run
from loyalty.test_mode import operations
from loyalty.test_mode.operations.cleaning import CLEAN_UP
from loyalty.test_mode.operations.missed import AWARD_MISSED


@shared_task
def clean_up(**_: Any) -> None:
    """Goes on with the clean-ups that were asked for. Safe to run twice at once; the rest is left to another task."""
    if not _go_on(CLEAN_UP, operations.clean_up_some):
        clean_up.delay()


@shared_task
def award_missed(**_: Any) -> None:
    """Goes on with awarding what was missed. Safe to run twice at once; the rest is left to another task."""
    if not _go_on(AWARD_MISSED, operations.award_missed_some):
        award_missed.delay()


@shared_task
def go_on(**_: Any) -> None:
    """Takes up what a lost message, or a shop that did not answer, has left open."""
    if open_runs(name=CLEAN_UP):
        clean_up.delay()
    if open_runs(name=AWARD_MISSED):
        award_missed.delay()


def _go_on(name: str, work: Work) -> bool:
    return run(name=name, programs=open_runs(name=name), work=work, clock=timezone.now, begins=False)
