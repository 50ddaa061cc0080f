"""Taking back what test customers bought: the code is gone from the shop, then its points come back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.ending import fail, locked
from loyalty.rewards.operations.follow_up import follow_up, return_points

_State, _FollowUp = Redemption.State, Redemption.FollowUp


def take_back_test(*, redemption_id: int, now: datetime) -> bool:
    """Takes one purchase of a test back, used or not. Must not be called inside a transaction.

    A code is removed first; while the shop does not confirm that, the points wait and the sweep tries again. A free reward
    has no points; one that is still being made is given up. Store credit
    that was given stays with the customer, and so does what was taken off an order: their points come back all the same,
    since no real points are to pay for a test. A repeat changes nothing.

    Returns:
        Whether nothing is left to do; a purchase in flight, or one that staff have to decide about, is waited for.
    """
    with transaction.atomic():
        redemption = locked(redemption_id)
        if redemption.is_free and redemption.state == _State.HOLDING:  # nobody waits for it
            redemption = fail(redemption_id=redemption_id, reason=gettext_noop("The test was taken back"), now=now)
        if redemption.is_refunded or redemption.state == _State.FAILED:
            return True
        if redemption.state == _State.HOLDING:
            return False
        if redemption.code is None:
            return_points(redemption, now)
            redemption.updated_at = now
            redemption.save()
            return True
        if redemption.follow_up != _FollowUp.RETURN_POINTS:
            redemption.follow_up, redemption.follow_up_attempts = _FollowUp.RETURN_POINTS, 0
            redemption.next_follow_up_at, redemption.updated_at = now, now
            redemption.save()
    follow_up(redemption_id=redemption_id, now=now)
    return bool(Redemption.objects.values_list("is_refunded", flat=True).get(pk=redemption_id))


def forget_test_occurrences(*, member_id: int) -> None:
    """Lets what a test gave a member for nothing be given again, for real; the caller holds the account's lock."""
    for redemption in Redemption.objects.filter(member_id=member_id, is_test=True, occurrence__isnull=False):
        redemption.occurrence = f"test:{redemption.public_id}"  # still one that was given for nothing
        redemption.save(update_fields=["occurrence"])
