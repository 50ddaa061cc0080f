"""What may be asked of rewards from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from loyalty.rewards.errors import RewardNotFound
from loyalty.rewards.models import Redemption, Reward


def rewards() -> QuerySet[Reward]:
    """Returns every reward that was not deleted, newest first, with its tier."""
    found: QuerySet[Reward] = Reward.objects.existing().select_related("tier").order_by("-created_at", "-pk")
    return found


def reward(*, public_id: str) -> Reward:
    """Returns one reward.

    Raises:
        RewardNotFound: No such reward, or it was deleted.
    """
    found: Reward | None = rewards().filter(public_id=public_id).first()
    if found is None:
        raise RewardNotFound(public_id)
    return found


def redemptions_of(*, member_id: int) -> QuerySet[Redemption]:
    """Returns what a member has bought, newest first; purchases that were given up or are in flight are left out."""
    found: QuerySet[Redemption] = (
        Redemption.objects.filter(member_id=member_id)
        .exclude(state__in=[Redemption.State.HOLDING, Redemption.State.FAILED])
        .select_related("reward")
        .order_by("-created_at", "-pk")
    )
    return found


def recent_redemptions(*, limit: int) -> list[Redemption]:
    """Returns the programme's newest redemptions, whatever became of them, with member and reward."""
    return list(Redemption.objects.select_related("member", "reward").order_by("-created_at", "-pk")[:limit])


def redemptions_per_reward() -> dict[int, int]:
    """Returns how often each reward was bought, by the reward's pk."""
    rows = (
        Redemption.objects.exclude(state__in=[Redemption.State.HOLDING, Redemption.State.FAILED])
        .exclude(reward=None)
        .values_list("reward_id")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def overdue(*, now: datetime) -> list[int]:
    """Returns purchases in flight whose deadline has passed: nobody waits for them any more."""
    return list(
        Redemption.objects.filter(state=Redemption.State.HOLDING, deadline_at__lte=now).values_list("pk", flat=True)[
            :200
        ]
    )


def codes_to_remove(*, now: datetime) -> list[int]:
    """Returns redemptions whose code must still be removed from the shop, and whose next attempt is due."""
    due = Q(code_needs_removal=True, next_removal_at__lte=now)
    return list(Redemption.objects.filter(due).order_by("next_removal_at").values_list("pk", flat=True)[:200])
