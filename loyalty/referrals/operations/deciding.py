"""Staff decide about referrals that wait, singly and in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loyalty.errors import Refusal
from loyalty.referrals.errors import NothingToDecide, ReferralNotFound
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.completing import complete, reward_friend
from loyalty.referrals.operations.ending import end, locked, write

MOST_AT_ONCE = 200
"""Referrals one call decides."""
_Decision = Referral.Decision


@dataclass(frozen=True, slots=True)
class Decided:
    """How many referrals were decided, and why the others were not, each by its public id."""

    done: int
    refused: tuple[tuple[str, str], ...]


def decide_some(*, public_ids: Iterable[str], approving: bool, actor: str, now: datetime) -> Decided:
    """Decides several, each in a transaction of its own: one that can't be decided stops no other."""
    done, refused = 0, []
    for public_id in list(dict.fromkeys(public_ids))[:MOST_AT_ONCE]:
        try:
            decide(public_id=public_id, approving=approving, actor=actor, now=now)
            done += 1
        except Refusal as refusal:
            refused.append((public_id, refusal.sentence))
    return Decided(done, tuple(refused))


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
