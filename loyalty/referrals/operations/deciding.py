"""Staff decide about referrals that wait, singly and in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from loyalty.deciding import Decided, decide_each
from loyalty.referrals.errors import NothingToDecide, ReferralNotFound
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.completing import complete, reward_friend
from loyalty.referrals.operations.ending import end, locked, write

_Decision = Referral.Decision


def decide_some(*, public_ids: Iterable[str], approving: bool, actor: str, now: datetime) -> Decided:
    """Decides several, each in a transaction of its own: one that can't be decided stops no other."""
    return decide_each(
        public_ids, lambda public_id: decide(public_id=public_id, approving=approving, actor=actor, now=now)
    )


@transaction.atomic
def decide(*, public_id: str, approving: bool, actor: str, now: datetime) -> Referral:
    """Approves a referral that waits, so that it goes on where it stopped, or declines it for good.

    Declining removes a code the friend has not used. The same decision again is no change.

    Args:
        actor: Who decided.

    Raises:
        ReferralNotFound: No such referral.
        NothingToDecide: It does not wait, or was decided otherwise.
    """
    number = Referral.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    if number is None:
        raise ReferralNotFound(public_id)
    referral = locked(number)
    wanted = _Decision.RELEASED if approving else _Decision.DECLINED
    if referral.decision == wanted:
        return referral
    if not referral.is_held:
        raise NothingToDecide
    referral.decision, referral.decided_by, referral.decided_at = wanted, actor[:200], now
    if not approving:
        end(referral, Referral.EndedFor.DECLINED, now=now)
        return referral
    write(referral, now=now)
    reward_friend(referral, now=now)
    complete(referral_id=number, now=now)
    decided: Referral = Referral.objects.get(pk=number)
    return decided
