"""What runs later in tiers: members whose figure and tier disagree are placed where the figure puts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, round_began, run
from loyalty.tiers import operations
from loyalty.tiers.models import Tier


@shared_task
def requalify_sweep(begun: str | None = None, **_: Any) -> None:
    """Requalifies, in every shop with tiers, the members who stand elsewhere than their figure says, under their locks.

    Awards and orders place a member at once; what is left for this is a ladder that was edited, periods that ended, and
    grace days that are over. Safe to run twice at once; a task whose time is up leaves the rest to another.
    """
    started = round_began(begun, now=timezone.now())
    with scopes_disabled():
        programs = list(Tier.objects.order_by("program_id").values_list("program_id", flat=True).distinct())
    if not run(name="requalify", programs=programs, work=requalify_some, clock=timezone.now, begun=started):
        requalify_sweep.delay(begun=started.isoformat())


def requalify_some(program: Program, cursor: str, now: datetime) -> Step:
    """Judges the next members of a shop and places those who have to be."""
    done = operations.place_some(program=program, now=now, after=int(cursor or 0))
    return Step(None if done.last is None else str(done.last), {"judged": done.judged, "placed": done.placed})
