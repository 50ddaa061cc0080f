"""What runs later in the ledger: points that reached their end, news of those that soon will, and the proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.ledger.models import Account, Lot
from loyalty.ledger.operations.expiry import expire_some
from loyalty.ledger.operations.reminding import remind_some
from loyalty.ledger.proving import AUDIT, prove_some
from loyalty.programs.calendar import start_of_day_after
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, open_runs, ran_since, round_began, run

MORNING = 9
"""The hour of the shop's day from which members are told."""


@shared_task
def expire_due(begun: str | None = None, **_: Any) -> None:
    """Expires due points in every shop that has some. Safe to run twice at once; the rest is left to another task."""
    now = timezone.now()
    started = round_began(begun, now=now)
    with scopes_disabled():
        lots = Lot.objects.filter(state=Lot.State.AVAILABLE, remaining__gt=0, expires_at__lte=now)
        idle = Account.objects.filter(inactive_at__lte=now, available__gt=0)
        programs = {*lots.values_list("program_id", flat=True).distinct()}
        programs |= {*idle.values_list("program_id", flat=True).distinct()}
    if not run(name="expire", programs=sorted(programs), work=expire_in, clock=timezone.now, begun=started):
        expire_due.delay(begun=started.isoformat())


def expire_in(program: Program, cursor: str, now: datetime) -> Step:
    """Expires the next set of a shop's due points."""
    done = expire_some(now=now, cursor=cursor)
    return Step(done.cursor, {"accounts": done.accounts, "lots": done.lots, "points": done.points})


@shared_task
def remind_expiring(begun: str | None = None, **_: Any) -> None:
    """Tells members of points that end within seven days, once a day in each shop's morning; called every hour.

    Safe to run twice at once; the rest is left to another task.
    """
    now = timezone.now()
    started = round_began(begun, now=now)
    stopped = set(open_runs(name="remind"))
    shops = Program.objects.filter(is_enabled=True, is_installed=True).order_by("pk")
    programs = [shop.pk for shop in shops if shop.pk in stopped or is_reminding_due(shop, now)]
    if not run(name="remind", programs=programs, work=remind_in, clock=timezone.now, begun=started):
        remind_expiring.delay(begun=started.isoformat())


def is_reminding_due(program: Program, now: datetime) -> bool:
    """Whether it is morning in the shop, or later, and today's members were not told yet."""
    if now.astimezone(program.zone).hour < MORNING:
        return False
    today = start_of_day_after(now, days=0, zone=program.zone)
    return not ran_since(program_id=program.pk, name="remind", since=today)


def remind_in(program: Program, cursor: str, now: datetime) -> Step:
    """Tells the next members of a shop."""
    done = remind_some(now=now, after=int(cursor or 0))
    return Step(None if done.last is None else str(done.last), {"members": done.members})


@shared_task
def prove_ledgers(begun: str | None = None, **_: Any) -> None:
    """Proves every shop's ledger, one invariant a step. Safe to run twice at once; the rest is left to another task."""
    started = round_began(begun, now=timezone.now())
    programs = list(Program.objects.order_by("pk").values_list("pk", flat=True))
    if not run(name=AUDIT, programs=programs, work=prove_some, clock=timezone.now, begun=started):
        prove_ledgers.delay(begun=started.isoformat())
