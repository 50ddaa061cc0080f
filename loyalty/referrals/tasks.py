"""What runs later in referrals: friends' codes, friends' orders, advocates' rewards, and what is over."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, run
from loyalty.referrals import operations, queries
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.keeping import CHUNK

_log = logging.getLogger(__name__)


@shared_task
def work_on_code(*, program_id: int, referral_id: int, **_: Any) -> None:
    """Makes or removes one friend's code: a task each, so that a shop that does not answer keeps nobody else waiting."""
    with scope(program=program_id):
        operations.work_on_code(referral_id=referral_id, now=timezone.now())


@shared_task
def judge(*, program_id: int, referral_id: int, **_: Any) -> None:
    """Judges one friend's first order, which asks the shop."""
    with scope(program=program_id):
        operations.judge(referral_id=referral_id, now=timezone.now())


@shared_task
def sweep(**_: Any) -> None:
    """Starts what is due and was not begun, or was left behind. Safe to run twice at once."""
    now = timezone.now()
    with scopes_disabled():
        codes, orders = queries.codes_to_do(now=now), queries.to_judge(now=now)
        programs = dict(Referral.objects.filter(pk__in=[*codes, *orders]).values_list("pk", "program_id"))
    for task, referral_ids in ((work_on_code, codes), (judge, orders)):
        for referral_id in referral_ids:
            which = {"program_id": programs[referral_id], "referral_id": referral_id}
            task.apply_async(kwargs=which, queue="maintenance", retry=False)


@shared_task
def complete_due(**_: Any) -> None:
    """Gives advocates the rewards whose time has come, shop by shop; a task whose time is up leaves the rest to another."""
    now = timezone.now()
    with scopes_disabled():
        programs = sorted(
            set(Referral.objects.filter(pk__in=queries.due(now=now)).values_list("program_id", flat=True))
        )
    if not run(name="complete-referrals", programs=programs, work=complete_some, clock=timezone.now):
        complete_due.delay()


def complete_some(_program: Program, cursor: str, now: datetime) -> Step:
    """Completes the next of a shop's referrals; one that can't be is logged and left for the next run."""
    after, completed = int(cursor or 0), 0
    numbers = sorted(number for number in queries.due(now=now) if number > after)
    for number in numbers:
        try:
            completed += int(operations.complete(referral_id=number, now=now))
        except Exception:  # whatever it is, it must not keep the others waiting
            _log.exception("referral %s could not be completed", number)
    return Step(str(numbers[-1]) if numbers else None, {"completed": completed})


@shared_task
def expire(**_: Any) -> None:
    """Ends referrals whose time ran out, shop by shop, and forgets old traces and people who never came."""
    now = timezone.now()
    operations.forget_traces(now=now)
    operations.forget_strangers(now=now)
    with scopes_disabled():
        over = Referral.objects.filter(state=Referral.State.PENDING, expires_at__lte=now, judge_at=None)
        programs = list(over.order_by("program_id").values_list("program_id", flat=True).distinct())
    if not run(name="expire-referrals", programs=programs, work=expire_some, clock=timezone.now):
        expire.delay()


def expire_some(_program: Program, _cursor: str, now: datetime) -> Step:
    """Ends the next referrals."""
    ended = operations.expire_some(now=now)
    return Step("more" if ended == CHUNK else None, {"referrals": ended})
