"""Judging a friend's first order: the shop says who both are, then the referral goes on, waits, or ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.events import EventKind
from loyalty.members.ports import ShopUnreachable
from loyalty.money import to_decimal
from loyalty.orders.models import Order
from loyalty.outbox.operations import append
from loyalty.programs.calendar import first_day, midnight
from loyalty.referrals.identity import email_key
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.completing import complete
from loyalty.referrals.operations.ending import end, is_undone, locked, order_of, write
from loyalty.referrals.operations.tracing import key_of
from loyalty.referrals.ports import Person, people
from loyalty.referrals.terms import ReferralTerms, terms_from

LEASE = timedelta(seconds=60)
"""How long one attempt has the referral to itself."""
DELAYS = (30, 120, 600, 3600, 21_600)
"""Seconds before the shop is asked again; the last one repeats."""
_Held, _Ended = Referral.HeldFor, Referral.EndedFor


def judge(*, referral_id: int, now: datetime) -> None:
    """Judges the order that was found for a referral. What the shop does not answer is tried again later.

    The friend must be new, not the advocate, and have bought enough. What is suspicious only is written down as a reason
    to wait for a decision. Safe to run twice at once.
    """
    mine = Referral.objects.filter(pk=referral_id, judge_at__lte=now, state=Referral.State.PENDING)
    if not mine.update(judge_at=now + LEASE):
        return  # done, or another worker's
    referral: Referral = Referral.objects.select_related("advocate", "program").get(pk=referral_id)
    order = order_of(referral)
    assert order is not None, referral  # matched by it, and orders are never deleted
    domain = referral.program.shopify_domain
    try:
        customer_id = order.shopify_customer_id
        friend = people().by_id(shopify_domain=domain, shopify_customer_id=customer_id) if customer_id else None
        advocate = people().by_id(shopify_domain=domain, shopify_customer_id=referral.advocate.shopify_customer_id)
    except ShopUnreachable:
        delay = DELAYS[min(referral.judge_attempts, len(DELAYS) - 1)]
        Referral.objects.filter(pk=referral_id, judge_at__isnull=False).update(
            judge_at=now + timedelta(seconds=delay), judge_attempts=referral.judge_attempts + 1
        )
        return
    _judge(referral_id, friend, advocate, now)


@transaction.atomic
def _judge(referral_id: int, friend: Person | None, advocate: Person | None, now: datetime) -> None:
    referral = locked(referral_id)
    order = order_of(referral)
    if referral.judge_at is None or referral.state != Referral.State.PENDING or order is None:
        return  # an order that was undone, or staff, was first
    terms = terms_from(referral.terms)
    if (why := _against(referral, order, terms, friend, advocate)) is not None:
        end(referral, why, now=now)
        return
    referral.friend_customer_id = order.shopify_customer_id or referral.friend_customer_id
    referral.friend = order.member or referral.friend
    referral.judge_at = None
    if terms.needs_account and order.member is None:
        write(referral, now=now)  # `welcome` asks again once the friend has an account
        return
    assert order.paid_at is not None  # only orders that count are matched
    referral.state, referral.converted_at = Referral.State.FRIEND_CONVERTED, order.paid_at
    referral.due_at = max(now, order.paid_at + timedelta(days=terms.approval_days))
    if reasons := _suspicions(referral, terms, friend, advocate):
        referral.held_for, referral.decision = sorted({*referral.held_for, *reasons}), ""
    write(referral, now=now)
    append(
        program_id=referral.program_id, kind=EventKind.REFERRAL_CONVERTED, member_id=referral.advocate_id, now=now,
        payload={"referral_id": referral.public_id, "due_at": referral.due_at.isoformat(), "held": referral.is_held},
    )  # fmt: skip
    complete(referral_id=referral_id, now=now)


def _against(
    referral: Referral, order: Order, terms: ReferralTerms, friend: Person | None, advocate: Person | None
) -> Referral.EndedFor | None:
    """Why nothing comes of it; None when nothing speaks against it."""
    if is_undone(order):
        return _Ended.ORDER_UNDONE
    same = friend is not None and advocate is not None and friend.is_same_as(advocate)
    if same or order.member_id == referral.advocate_id:
        return _Ended.SAME_PERSON
    if _has_ordered_before(order, friend):
        return _Ended.NOT_NEW
    total = to_decimal(order.total_minor, order.currency)
    return _Ended.TOO_SMALL if terms.minimum_amount and total < terms.minimum_amount else None


def _has_ordered_before(order: Order, friend: Person | None) -> bool:
    """By the shop's own count of orders, those placed since left out; by ours where the shop knows nobody."""
    if order.shopify_customer_id is None:
        return False
    theirs = Order.objects.filter(shopify_customer_id=order.shopify_customer_id).exclude(pk=order.pk)
    if theirs.filter(placed_at__lt=order.placed_at, paid_at__isnull=False, cancelled_at=None, is_test=False).exists():
        return True
    since = theirs.filter(placed_at__gte=order.placed_at).count()
    return friend is not None and friend.orders - since > 1


def _suspicions(referral: Referral, terms: ReferralTerms, friend: Person | None, advocate: Person | None) -> list[str]:
    """Why a person should look at it first."""
    reasons = []
    if friend is not None and advocate is not None and friend.lives_with(advocate):
        reasons.append(_Held.SAME_ADDRESS)
    buyer = key_of(f"email:{email_key(friend.email)}") if friend is not None and friend.email else None
    if referral.is_by_code and buyer is not None and buyer != referral.friend_key:
        reasons.append(_Held.OTHER_BUYER)
    for cap, period, reason in (
        (terms.cap_per_day, "day", _Held.OVER_DAY_CAP),
        (terms.cap_per_month, "month", _Held.OVER_MONTH_CAP),
    ):
        if cap is not None and _converted_in(referral, period) >= cap:
            reasons.append(reason)
    return [reason.value for reason in reasons]


def _converted_in(referral: Referral, period: str) -> int:
    """How many other friends of the advocate converted in the shop's day or month of this one."""
    assert referral.converted_at is not None
    zone = referral.program.zone
    began = midnight(first_day(period, referral.converted_at.astimezone(zone).date()), zone=zone)
    others = Referral.objects.filter(advocate_id=referral.advocate_id, converted_at__gte=began).exclude(pk=referral.pk)
    return int(others.filter(converted_at__lte=referral.converted_at).exclude(state=Referral.State.ENDED).count())
