"""What a member bought goes along when they are merged into another."""

from __future__ import annotations

from loyalty.rewards.models import Redemption


def take_over_purchases(*, from_member_id: int, into_member_id: int) -> int:
    """Gives a member's redemptions to the survivor; returns how many. A repeat finds none.

    Both keep what they were given for nothing, and the survivor is not given it again. The caller merged the accounts in
    the same transaction, so no purchase of theirs is in flight.
    """
    bought = list(Redemption.objects.filter(member_id=from_member_id))
    theirs = Redemption.objects.filter(member_id=into_member_id).exclude(occurrence=None)
    taken = set(theirs.values_list("occurrence", flat=True))
    for redemption in bought:
        if redemption.occurrence in taken:  # the survivor's own keeps the slot
            redemption.occurrence = f"{redemption.occurrence}:merged:{from_member_id}"
        # Whose purchase it is, is a part of the request: a call repeated after the merge must find it.
        rest = redemption.fingerprint.removeprefix(f"{from_member_id}:")
        if rest != redemption.fingerprint:  # else it is the request as it was sent
            redemption.fingerprint = f"{into_member_id}:{rest}"
        redemption.member_id = into_member_id
        redemption.save(update_fields=["member", "occurrence", "fingerprint"])
    return len(bought)
