"""What runs later in analytics: days that are over are rolled up, and what may have changed is counted again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.analytics.counting import count_some
from loyalty.analytics.models import RollUp
from loyalty.programs.models import Program
from loyalty.programs.scheduling import open_runs, round_began, run

ROLL_UP = "analytics"
"""The run's name."""
EVERY = timedelta(minutes=55)
"""How old figures may be before they are counted again; a new time zone does not wait for it."""


@shared_task
def roll_up(begun: str | None = None, **_: Any) -> None:
    """Rolls up every shop whose figures are an hour old, or whose time zone has changed, and goes on where it was stopped.

    Safe to run twice at once; a task whose time is up leaves the rest to another.
    """
    now = timezone.now()
    started = round_began(begun, now=now)
    programs = sorted({*due(now=now), *open_runs(name=ROLL_UP)})
    if not run(name=ROLL_UP, programs=programs, work=count_some, clock=timezone.now, begun=started):
        roll_up.delay(begun=started.isoformat())


def due(*, now: datetime) -> list[int]:
    """Returns the programmes whose figures are to be counted."""
    with scopes_disabled():
        fresh = RollUp.objects.filter(Q(counted_at__gt=now - EVERY), time_zone=F("program__time_zone"))
        shops = Program.objects.filter(is_installed=True).exclude(pk__in=fresh.values("program_id"))
        return list(shops.order_by("pk").values_list("pk", flat=True))
