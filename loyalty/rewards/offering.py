"""What a member is offered: the rewards that can be bought now, and whether this member has had one as often as it allows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count

from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations.buyable import period_begin
from loyalty.rewards.queries import rewards


def for_sale(*, now: datetime) -> list[Reward]:
    """Returns the rewards that points buy now, in the merchant's order, with their tiers."""
    return [each for each in rewards().filter(is_active=True, points_cost__gt=0) if each.is_offered(now=now)]


def used_up(*, member_id: int, offered: Collection[Reward], zone: ZoneInfo, now: datetime) -> set[int]:
    """Returns the numbers of those rewards that a purchase would refuse for a limit, as `buyable` counts them.

    Two statements, however many rewards there are; none where no reward has a limit.
    """
    limited = [each for each in offered if each.max_redemptions or each.total_limit or each.period_limit]
    if not limited:
        return set()
    bought = Redemption.objects.filter(reward__in=limited, is_refunded=False, occurrence=None).exclude(
        state=Redemption.State.FAILED
    )
    own: dict[int, list[datetime]] = {}
    for reward_id, at in bought.filter(member_id=member_id).values_list("reward_id", "created_at"):
        own.setdefault(reward_id, []).append(at)
    everybody = dict(
        bought.filter(is_test=False).order_by().values_list("reward_id").annotate(number=Count("pk"))
        if any(each.total_limit for each in limited)
        else ()
    )
    return {
        each.pk
        for each in limited
        if _is_used_up(each, own.get(each.pk, []), everybody.get(each.pk, 0), zone=zone, now=now)
    }


def _is_used_up(reward: Reward, own: list[datetime], all_of_them: int, *, zone: ZoneInfo, now: datetime) -> bool:
    if reward.max_redemptions is not None and len(own) >= reward.max_redemptions:
        return True
    if reward.total_limit is not None and all_of_them >= reward.total_limit:
        return True
    if reward.period_limit is None:
        return False
    since = period_begin(reward.limit_period, now=now, zone=zone)
    return sum(at >= since for at in own) >= reward.period_limit
