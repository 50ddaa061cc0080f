"""Awarding what members missed while the programme was restricted to test customers: a recorded run, each of them once."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from loyalty.earning.operations import award_skipped, knowing_products
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, open_run
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip
from loyalty.skips.queries import waiting_after
from loyalty.test_mode.nudge import nudge
from loyalty.tiers.operations import give_skipped_entry

AWARD_MISSED = "award_missed"
"""The run's name."""
AT_ONCE = 50
_log = logging.getLogger(__name__)


@transaction.atomic
def begin_awarding(*, program_id: int, now: datetime) -> None:
    """Begins to award all that waits in a programme; under way already is no change."""
    open_run(program_id=program_id, name=AWARD_MISSED, now=now)
    nudge("award_missed")


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
    if Skip.objects.values_list("kind", flat=True).get(pk=skip_id) == Skip.Kind.AWARD:
        return knowing_products(program=program, work=partial(award_skipped, skip_id=skip_id, now=now), now=now)
    return _give_entry(skip_id, now)


@transaction.atomic
def _give_entry(skip_id: int, now: datetime) -> bool:
    skip = skips.lock_waiting(skip_id=skip_id)
    if skip is None:
        return False
    if give_skipped_entry(member_id=skip.member_id, tier_id=skip.facts["tier_number"], now=now):
        skips.decide(skip=skip, state=Skip.State.GIVEN, now=now)
        return True
    skips.note(skip=skip, sentence="The member, the programme or the tier gives no points for it now")
    return False
