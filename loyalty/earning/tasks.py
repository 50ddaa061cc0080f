"""What runs later in earning: points whose time of waiting is over, decisions about all that wait, birthdays, old calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.earning import operations
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations.deciding import DECIDE_ALL
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, open_runs, round_began, run


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
def decide_all(**_: Any) -> None:
    """Goes on with decisions about everything that waits. Safe to run twice at once; the rest is left to another task."""
    name = DECIDE_ALL
    if not run(name=name, programs=open_runs(name=name), work=operations.decide_some, clock=timezone.now, begins=False):
        decide_all.delay()


@shared_task
def celebrate(begun: str | None = None, **_: Any) -> None:
    """Awards birthdays and anniversaries where somebody has one; called every hour, as the shops' days begin at all hours.

    Safe to run twice at once; the rest is left to another task.
    """
    now = timezone.now()
    started = round_began(begun, now=now)
    stopped = set(open_runs(name="celebrate"))
    with scopes_disabled():
        rules = EarningRule.objects.existing().filter(is_active=True, category__in=["birthday", "anniversary"])
        shops = Program.objects.filter(pk__in=rules.values("program_id"), is_enabled=True, is_installed=True)
        programs = [shop.pk for shop in shops.order_by("pk") if shop.pk in stopped or _celebrates(shop, now)]
    if not run(name="celebrate", programs=programs, work=celebrate_in, clock=timezone.now, begun=started):
        celebrate.delay(begun=started.isoformat())


def _celebrates(program: Program, now: datetime) -> bool:
    with scope(program=program):
        return operations.has_celebrants(program=program, now=now)


def celebrate_in(program: Program, cursor: str, now: datetime) -> Step:
    """Awards the next members of a shop whose day it is."""
    done = operations.celebrate_some(program=program, now=now, cursor=cursor)
    return Step(done.cursor, done.counts)


@shared_task
def tell_birthdays(begun: str | None = None, **_: Any) -> None:
    """Tells others whose birthday it is; called every hour, as the shops' days begin at all hours.

    Safe to run twice at once; the rest is left to another task.
    """
    now = timezone.now()
    started = round_began(begun, now=now)
    stopped = set(open_runs(name="tell_birthdays"))
    with scopes_disabled():
        shops = list(Program.objects.filter(is_enabled=True, is_installed=True).order_by("pk"))
    programs = [shop.pk for shop in shops if shop.pk in stopped or _has_birthdays(shop, now)]
    if not run(name="tell_birthdays", programs=programs, work=tell_birthdays_in, clock=timezone.now, begun=started):
        tell_birthdays.delay(begun=started.isoformat())


def _has_birthdays(program: Program, now: datetime) -> bool:
    with scope(program=program):
        return operations.has_birthdays(program=program, now=now)


def tell_birthdays_in(program: Program, cursor: str, now: datetime) -> Step:
    """Tells of the next members of a shop whose birthday it is."""
    done = operations.tell_birthdays_some(program=program, now=now, cursor=cursor)
    return Step(done.cursor, {"members": done.members} if done.members else {})


@shared_task
def drop_old_calls(**_: Any) -> None:
    """Forgets logged calls that are old enough. Safe to run twice at once."""
    operations.drop_old_calls(now=timezone.now())
