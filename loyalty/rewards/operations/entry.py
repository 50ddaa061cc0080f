"""What a tier gives to who rises to it for the first time: chosen with the ladder, given when the rise is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.models import EntryReward, Redemption, Reward
from loyalty.rewards.operations.giving import issue_free
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import change_ladder
from loyalty.tiers.terms import Ladder


@transaction.atomic
def change_tiers(*, program_id: int, ladder: Ladder, entry_rewards: Mapping[int, str], now: datetime) -> Program:
    """Replaces the ladder as `change_ladder` does, and with it what its tiers give on entry.

    Who stands on a tier already is given nothing: a reward is for those who rise to it from now on.

    Args:
        entry_rewards: A reward's public id by the threshold of the tier that gives it; a tier that is not named gives none.

    Raises:
        InvalidField: As `change_ladder`; or the base tier, or no tier, would give a reward, or there is no such reward.
        NotFound: As `change_ladder`.
    """
    rewards = {
        reward.public_id: reward for reward in Reward.objects.existing().filter(public_id__in=entry_rewards.values())
    }
    above = {tier.threshold for tier in ladder.tiers if tier.threshold}
    for threshold, public_id in entry_rewards.items():
        if threshold not in above:
            raise InvalidField("entry_reward", _("A tier above the base may give a reward; the base tier gives none"))
        if public_id not in rewards:
            raise InvalidField("entry_reward", _("Choose one of your rewards"))
    program = change_ladder(program_id=program_id, ladder=ladder, now=now)
    tiers = {tier.threshold: tier for tier in Tier.objects.all()}
    EntryReward.objects.exclude(tier__threshold__in=list(entry_rewards)).delete()
    for threshold, public_id in entry_rewards.items():
        EntryReward.objects.update_or_create(
            tier=tiers[threshold], defaults={"program_id": program_id, "reward": rewards[public_id], "updated_at": now}
        )
    return program


def give_on_entry(*, member: Member, tier_id: str, is_test: bool, now: datetime) -> Redemption | None:
    """Gives a member what a tier gives on entry, once per member and tier for ever; None where the tier gives nothing.

    Args:
        tier_id: The tier's public id.
        is_test: Whether they rose by a test.

    Raises:
        As `issue_free`.
    """
    gives = EntryReward.objects.select_related("reward").filter(tier__public_id=tier_id).first()
    if gives is None:
        return None
    redemption, _is_new = issue_free(
        member=member, reward_id=gives.reward.public_id, occurrence=f"tier:{gives.tier_id}", source="tier", now=now,
        is_test=is_test,
    )  # fmt: skip
    return redemption


def keep_skipped(*, member: Member, tier_id: str, now: datetime) -> None:
    """Keeps that a tier would have given its reward to a member whom test mode leaves out; it can be given later, once.

    Args:
        tier_id: The tier's public id.
    """
    gives = EntryReward.objects.select_related("reward", "tier").filter(tier__public_id=tier_id).first()
    if gives is not None:
        skips.keep(
            program_id=member.program_id, member_id=member.merged_into_id or member.pk, kind=Skip.Kind.REWARD,
            identity=f"reward:tier:{gives.tier_id}", name=f"Welcome to {gives.tier.name}: {gives.reward.name}", points=0,
            facts={"tier_id": tier_id}, occurred_at=now, now=now,
        )  # fmt: skip
