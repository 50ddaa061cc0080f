"""Awarding what members missed while the programme was restricted to test customers: a recorded run, each of them once."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from loyalty.earning.operations import award_skipped, knowing_products
from loyalty.errors import Refusal
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.nudging import nudge_after_commit
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, open_run
from loyalty.rewards.errors import RewardNotFound
from loyalty.rewards.operations import give_on_entry
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip
from loyalty.skips.queries import waiting_after
from loyalty.tiers.operations import give_skipped_entry

AWARD_MISSED = "award_missed"
"""The run's name."""
AT_ONCE = 50
_log = logging.getLogger(__name__)


@transaction.atomic
def begin_awarding(*, program_id: int, now: datetime) -> None:
    """Begins to award all that waits in a programme; under way already is no change."""
    open_run(program_id=program_id, name=AWARD_MISSED, now=now)
    nudge_after_commit("loyalty.test_mode.tasks.award_missed", queue="maintenance")


def award_missed_some(program: Program, cursor: str, now: datetime) -> Step:
    """Awards the next of what waits, each in a transaction of its own: one that cannot be awarded stops no other.

    What cannot be awarded now says why and goes on waiting. Safe to repeat, and to run twice at once.

    Args:
        cursor: Our number of the skip that was looked at last; "" at the beginning.
    """
    waiting = waiting_after(after=int(cursor or 0), limit=AT_ONCE)
    if not waiting:
        return Step(None)
    awarded = 0
    for skip_id in waiting:
        try:
            awarded += _give(program, skip_id, now)
        except Exception:  # whatever it is, the others are waiting as well
            _log.exception("skip %s could not be awarded", skip_id)
    return Step(str(waiting[-1]), {"looked_at": len(waiting), "awarded": awarded})


def discard_missed(*, now: datetime) -> int:
    """Decides that nothing of what waits is awarded, for good; returns how much that was."""
    return skips.discard_all(now=now)


def _give(program: Program, skip_id: int, now: datetime) -> bool:
    kind, member_id = Skip.objects.values_list("kind", "member_id").get(pk=skip_id)
    if kind == Skip.Kind.AWARD:
        return knowing_products(program=program, work=partial(award_skipped, skip_id=skip_id, now=now), now=now)
    with transaction.atomic():
        lock_account(account_id=account_id_of(member_id=member_id))
        skip = skips.lock_waiting(skip_id=skip_id)
        if skip is None:
            return False
        if reason := _give_for_tier(skip, now):
            skips.note(skip=skip, sentence=reason)
            return False
        skips.decide(skip=skip, state=Skip.State.GIVEN, now=now)
        return True


def _give_for_tier(skip: Skip, now: datetime) -> str:
    """Gives what a tier gives to who reaches it; returns why not, or nothing."""
    if skip.kind == Skip.Kind.TIER_ENTRY:
        has = give_skipped_entry(member_id=skip.member_id, tier_id=skip.facts["tier_number"], now=now)
        return "" if has else "The member, the programme or the tier gives no points for it now"
    try:
        given = give_on_entry(member=skip.member, tier_id=skip.facts["tier_id"], is_test=False, now=now)
    except RewardNotFound:
        return "The reward is switched off or its dates are over"
    except Refusal as refusal:
        return refusal.sentence
    return "" if given is not None else "The tier gives no reward now"
