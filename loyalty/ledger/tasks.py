"""What runs later in the ledger: points that reached their end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.ledger.models import Account, Lot
from loyalty.ledger.operations.expiry import expire_some
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, run


@shared_task
def expire_due(**_: Any) -> None:
    """Expires due points in every shop that has some. Safe to run twice at once; the rest is left to another task."""
    now = timezone.now()
    with scopes_disabled():
        lots = Lot.objects.filter(state=Lot.State.AVAILABLE, remaining__gt=0, expires_at__lte=now)
        idle = Account.objects.filter(inactive_at__lte=now, available__gt=0)
        programs = {*lots.values_list("program_id", flat=True).distinct()}
        programs |= {*idle.values_list("program_id", flat=True).distinct()}
    if not run(name="expire", programs=sorted(programs), work=expire_in, clock=timezone.now):
        expire_due.delay()


def expire_in(program: Program, cursor: str, now: datetime) -> Step:
    """Expires the next set of a shop's due points."""
    done = expire_some(now=now, cursor=cursor)
    return Step(done.cursor, {"accounts": done.accounts, "lots": done.lots, "points": done.points})
