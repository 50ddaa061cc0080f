"""What a member bought goes along when they are merged into another."""

from __future__ import annotations

from loyalty.rewards.models import Redemption


def take_over_purchases(*, from_member_id: int, into_member_id: int) -> int:
    """Gives a member's redemptions to the survivor; returns how many. A repeat finds none.

    The caller merged the accounts in the same transaction, so no purchase of theirs is in flight.
    """
    bought = list(Redemption.objects.filter(member_id=from_member_id))
    for redemption in bought:
        # Whose purchase it is, is a part of the request: a call repeated after the merge must find it.
        rest = redemption.fingerprint.removeprefix(f"{from_member_id}:")
        redemption.member_id, redemption.fingerprint = into_member_id, f"{into_member_id}:{rest}"
        redemption.save(update_fields=["member", "fingerprint"])
    return len(bought)
