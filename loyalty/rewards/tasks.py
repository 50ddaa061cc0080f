"""What runs later in rewards: issuing codes, and sweeping up after whoever died on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.rewards import operations, queries
from loyalty.rewards.models import Redemption

_log = logging.getLogger(__name__)
AGAIN_SECONDS = 0.7
"""Pause before a purchase in flight asks Shopify again."""
GRACE = timedelta(seconds=5)
"""The request that waits ends its own purchase; the sweep comes after it."""


@shared_task
def issue(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Makes the code of one purchase; asks again shortly while somebody may still be waiting for it."""
    with scope(program=program_id):
        again = operations.issue(redemption_id=redemption_id, now=timezone.now())
    if again:
        issue.apply_async(
            kwargs={"program_id": program_id, "redemption_id": redemption_id}, countdown=AGAIN_SECONDS, queue="purchase"
        )


@shared_task
def sweep_redemptions(**_: Any) -> None:
    """Gives up purchases nobody waits for any more, and removes codes that must not work. Safe to run twice at once."""
    now = timezone.now()
    with scopes_disabled():
        overdue = queries.overdue(now=now - GRACE)
        removable = queries.codes_to_remove(now=now)
        programs = dict(Redemption.objects.filter(pk__in=[*overdue, *removable]).values_list("pk", "program_id"))
    for redemption_id in overdue:
        with scope(program=programs[redemption_id]), _whatever_happens(redemption_id):
            operations.fail(redemption_id=redemption_id, reason="Shopify gave no code in time", now=now)
    for redemption_id in removable:
        remove_code.apply_async(
            kwargs={"program_id": programs[redemption_id], "redemption_id": redemption_id},
            queue="maintenance",
            retry=False,
        )


@shared_task
def remove_code(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Removes one code that must not work: a task each, so that a shop that does not answer keeps nobody else waiting."""
    with scope(program=program_id):
        operations.remove_code(redemption_id=redemption_id, now=timezone.now())


@contextmanager
def _whatever_happens(redemption_id: int) -> Iterator[None]:
    """Logs a failure of one redemption and goes on with the others."""
    try:
        yield
    except Exception:  # one bad row must not hold up every shop's purchases
        _log.exception("redemption %s could not be given up", redemption_id)
