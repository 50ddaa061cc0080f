"""What runs later in rewards: issuing codes, and sweeping up after whoever died on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.rewards import operations, queries
from loyalty.rewards.models import Redemption

AGAIN_SECONDS = 0.7
"""Pause before a purchase in flight asks Shopify again."""
GRACE = timedelta(seconds=5)
"""The request that waits ends its own purchase; the sweep comes after it."""


@shared_task(queue="purchase")
def issue(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Makes the code of one purchase; asks again shortly while somebody may still be waiting for it."""
    with scope(program=program_id):
        again = operations.issue(redemption_id=redemption_id, now=timezone.now())
    if again:
        issue.apply_async(
            kwargs={"program_id": program_id, "redemption_id": redemption_id}, countdown=AGAIN_SECONDS, queue="purchase"
        )


@shared_task(queue="maintenance")
def sweep_redemptions(**_: Any) -> None:
    """Gives up purchases nobody waits for any more, and removes codes that must not work. Safe to run twice at once."""
    now = timezone.now()
    with scopes_disabled():
        overdue = queries.overdue(now=now - GRACE)
        removable = queries.codes_to_remove(now=now)
        programs = dict(Redemption.objects.filter(pk__in=[*overdue, *removable]).values_list("pk", "program_id"))
    for redemption_id in overdue:
        with scope(program=programs[redemption_id]):
            operations.fail(redemption_id=redemption_id, reason="Shopify gave no code in time", now=now)
    for redemption_id in removable:
        with scope(program=programs[redemption_id]):
            operations.remove_code(redemption_id=redemption_id, now=now)
