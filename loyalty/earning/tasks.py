"""What runs later in earning: points whose time of waiting is over, birthdays, and logged calls whose time is up."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.earning import operations
from loyalty.earning.models import Award, EarningRule
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, round_began, run

_log = logging.getLogger(__name__)


@shared_task
def approve_due(begun: str | None = None, **_: Any) -> None:
    """Makes pending points spendable in every shop where some are due. Safe to run twice at once."""
    now = timezone.now()
    started = round_began(begun, now=now)
    with scopes_disabled():
        due = Award.objects.filter(status=Award.Status.PENDING, due_at__lte=now, entry_id__isnull=False)
        programs = list(due.values_list("program_id", flat=True).distinct())
    if not run(name="approve", programs=sorted(programs), work=approve_in, clock=timezone.now, begun=started):
        approve_due.delay(begun=started.isoformat())


def approve_in(program: Program, cursor: str, now: datetime) -> Step:
    """Approves the next set of a shop's due awards."""
    done = operations.approve_some(now=now, cursor=cursor)
    return Step(done.cursor, {"awards": done.awards})


@shared_task
def celebrate(**_: Any) -> None:
    """Awards birthdays and anniversaries where rules for them are on; the shops' days begin at all hours.

    Safe to run twice at once. One shop's fault holds nobody else up.
    """
    now = timezone.now()
    with scopes_disabled():
        rules = EarningRule.objects.existing().filter(is_active=True, category__in=["birthday", "anniversary"])
        programs = list(Program.objects.filter(pk__in=rules.values("program_id"), is_enabled=True, is_installed=True))
    for program in programs:
        with scope(program=program):
            try:
                operations.celebrate(program=program, now=now)
            except Exception:  # whatever it is, the other shops' members have birthdays as well
                _log.exception("birthdays of programme %s could not be awarded", program.pk)


@shared_task
def drop_old_calls(**_: Any) -> None:
    """Forgets logged calls that are old enough. Safe to run twice at once."""
    operations.drop_old_calls(now=timezone.now())
