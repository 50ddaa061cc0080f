"""What a member bought goes along when they are merged into another."""

from __future__ import annotations

from loyalty.rewards.models import Redemption


def take_over_purchases(*, from_member_id: int, into_member_id: int) -> int:
    """Gives a member's redemptions to the survivor; returns how many. A repeat finds none.

    The caller merged the accounts in the same transaction, so no purchase of theirs is in flight.
    """
    return int(Redemption.objects.filter(member_id=from_member_id).update(member_id=into_member_id))
