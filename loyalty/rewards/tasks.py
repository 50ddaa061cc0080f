"""What runs later in rewards: issuing codes, and sweeping up after whoever died on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_scopes import scope, scopes_disabled

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, run
from loyalty.rewards import operations, queries
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.expiring import CHUNK

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
        followed = queries.to_follow_up(now=now)
        credits = queries.credits_to_settle(now=now)
        known = Redemption.objects.filter(pk__in=[*overdue, *removable, *followed, *credits])
        programs = dict(known.values_list("pk", "program_id"))
    for redemption_id in overdue:
        with scope(program=programs[redemption_id]), _whatever_happens(redemption_id):
            operations.fail(redemption_id=redemption_id, reason=gettext_noop("Shopify gave no code in time"), now=now)
    for task, redemption_ids in ((remove_code, removable), (follow_up, followed), (settle_credit, credits)):
        for redemption_id in redemption_ids:
            which = {"program_id": programs[redemption_id], "redemption_id": redemption_id}
            task.apply_async(kwargs=which, queue="maintenance", retry=False)


@shared_task
def remove_code(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Removes one code that must not work: a task each, so that a shop that does not answer keeps nobody else waiting."""
    with scope(program=program_id):
        operations.remove_code(redemption_id=redemption_id, now=timezone.now())


@shared_task
def follow_up(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Does what an undone order or a refund left to do with one code."""
    with scope(program=program_id):
        operations.follow_up(redemption_id=redemption_id, now=timezone.now())


@shared_task
def settle_credit(*, program_id: int, redemption_id: int, **_: Any) -> None:
    """Looks whether a store credit whose answer was lost was given."""
    with scope(program=program_id):
        operations.settle_credit(redemption_id=redemption_id, now=timezone.now())


@shared_task
def expire_codes(**_: Any) -> None:
    """Marks codes whose end has passed, shop by shop; a task whose time is up leaves the rest to another."""
    with scopes_disabled():
        over = Redemption.objects.filter(state=Redemption.State.ACTIVE, expires_at__lte=timezone.now())
        programs = list(over.order_by("program_id").values_list("program_id", flat=True).distinct())
    if not run(name="expire_codes", programs=programs, work=expire_some, clock=timezone.now):
        expire_codes.delay()


def expire_some(_program: Program, _cursor: str, now: datetime) -> Step:
    """Marks the next codes."""
    marked = operations.expire_codes(now=now)
    return Step("more" if marked == CHUNK else None, {"codes": marked})


@contextmanager
def _whatever_happens(redemption_id: int) -> Iterator[None]:
    """Logs a failure of one redemption and goes on with the others."""
    try:
        yield
    except Exception:  # one bad row must not hold up every shop's purchases
        _log.exception("redemption %s could not be given up", redemption_id)
