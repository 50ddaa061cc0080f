"""A shop's plan becomes another one: what it includes is read from the plan, only the rate of API keys is written with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.programs.models import ApiKey, Program
from loyalty.programs.plans import requests_per_second


@transaction.atomic
def change_plan(*, program_id: int, plan: str, now: datetime) -> bool:
    """Writes the plan of the programme in scope and gives its keys the plan's rate; the same plan is no change.

    Nothing is deleted: keys, custom actions and webhooks that a plan lacks wait, and go on with the next that has them.

    Returns:
        Whether the plan is another one now.

    Raises:
        ValueError: There is no such plan.
    """
    wanted = Program.Plan(plan)
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    if program.plan == wanted:
        return False
    program.plan, program.updated_at = wanted, now
    program.save(update_fields=["plan", "updated_at"])
    ApiKey.objects.filter(revoked_at=None).update(requests_per_second=requests_per_second(wanted))
    return True
