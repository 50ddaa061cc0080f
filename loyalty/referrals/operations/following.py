"""Friends' orders: which order is a friend's first, and what becomes of a referral when that order is undone.

An order tells everything it knows each time, so what is decided depends on the order as it stands, never on which delivery
came first. Judging a first order asks the shop, and is left to `judging`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from loyalty.earning.models import Award
from loyalty.earning.operations import take_back_of
from loyalty.nudging import nudge_after_commit
from loyalty.orders.models import Order
from loyalty.referrals.identity import email_key
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.ending import end, is_undone, locked, write
from loyalty.referrals.operations.rewarding import withdraw_reward
from loyalty.referrals.operations.tracing import key_of

_State = Referral.State


@transaction.atomic
def follow_order(*, order: Order, codes: Sequence[str], email: str | None, now: datetime) -> None:
    """Finds the referral an order is the first order of, or follows one that it was. Repeats change nothing.

    Args:
        order: As it was recorded last.
        codes: The discount codes on it, in any case.
        email: The buyer's address as the order has it; compared, not kept.
    """
    known = Referral.objects.filter(order_id=order.shopify_order_id).values_list("pk", flat=True).first()
    if known is not None:
        _follow(locked(known), order, now)
    elif order.counts and (found := _referral_of(order, codes, email)) is not None:
        _match(found, order, codes, now)


def _referral_of(order: Order, codes: Sequence[str], email: str | None) -> int | None:
    """The referral whose friend placed an order, by its code first; None for an order of anybody else."""
    rows = Referral.objects.filter(order_id=None, claimed_at__lte=order.placed_at, expires_at__gt=order.placed_at)
    spelled = {code for given in codes for code in (given.strip(), given.strip().upper())}
    # A code that was used in time counts, though word of it may have come after the end.
    by_code = rows.filter(code__in=spelled, state__in=[_State.PENDING, _State.EXPIRED])
    who = Q()
    if order.member_id is not None:
        who |= Q(friend_id=order.member_id)
    if order.shopify_customer_id is not None:
        who |= Q(friend_customer_id=order.shopify_customer_id)
    if email:
        who |= Q(friend_key=key_of(f"email:{email_key(email)}"))
    by_person = rows.filter(who, state=_State.PENDING) if who else rows.none()
    for found in (by_code, by_person):
        number: int | None = found.order_by("pk").values_list("pk", flat=True).first()
        if number is not None:
            return number
    return None


def _match(referral_id: int, order: Order, codes: Sequence[str], now: datetime) -> None:
    referral = locked(referral_id)
    if referral.order_id is not None or referral.state not in (_State.PENDING, _State.EXPIRED):
        return
    if referral.state == _State.EXPIRED and _claimed_again(referral):
        return
    referral.state, referral.order_id, referral.order_name = _State.PENDING, order.shopify_order_id, order.name[:40]
    referral.is_by_code = (referral.code or "").upper() in {code.strip().upper() for code in codes}
    referral.judge_at, referral.judge_attempts = now, 0
    write(referral, now=now)
    nudge_after_commit("loyalty.referrals.tasks.judge", program_id=referral.program_id, referral_id=referral.pk)


def _claimed_again(referral: Referral) -> bool:
    others = Referral.objects.filter(friend_key=referral.friend_key).exclude(pk=referral.pk)
    return bool(others.exclude(state__in=[_State.EXPIRED, _State.ENDED]).exists())


def _follow(referral: Referral, order: Order, now: datetime) -> None:
    """A refund before the reward ends the referral; after it, the reward goes back as far as the order was."""
    if referral.state in (_State.PENDING, _State.FRIEND_CONVERTED) and is_undone(order):
        end(referral, Referral.EndedFor.ORDER_UNDONE, now=now)
    elif referral.state == _State.COMPLETED:
        award = Award.objects.filter(public_id=referral.award_id).first() if referral.award_id else None
        if award is not None and award.entry_id is not None:
            take_back_of(award=award, order=order, now=now)
        if is_undone(order):
            withdraw_reward(referral, now=now)
            end(referral, Referral.EndedFor.ORDER_UNDONE, now=now)
