"""What runs later for plans: every installed shop is asked about once a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, round_began, run
from shopify_app.billing.operations import contract_of_program, refresh_plan
from shopify_app.shops.models import Shop


@shared_task
def refresh_plans(begun: str | None = None, **_: Any) -> None:
    """Asks for the plan of every installed shop. Safe to run twice at once; what is left over another task takes up."""
    started = round_began(begun, now=timezone.now())
    programs = list(
        Shop.objects.filter(uninstalled_at=None).order_by("program_id").values_list("program_id", flat=True)
    )
    if not run(name="refresh_plan", programs=programs, work=refresh_one, clock=timezone.now, begun=started):
        refresh_plans.delay(begun=started.isoformat())


def refresh_one(program: Program, cursor: str, now: datetime) -> Step:
    """Asks for one shop's plan; unreachable is counted, not a fault: the last known plan stays."""
    is_changed = refresh_plan(program=program, now=now)
    known = contract_of_program()
    return Step(None, {"changed": int(is_changed), "unreachable": int(known is not None and bool(known.error))})
