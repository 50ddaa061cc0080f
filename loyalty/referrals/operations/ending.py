"""What every change of a referral goes through: the advocate's account lock, the row, and how it ends without a reward."""

from __future__ import annotations

from datetime import datetime, timedelta

from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.orders.models import Order
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.coding import give_code_up

WRITTEN = [
    "friend", "friend_customer_id", "state", "ended_for", "held_for", "decision", "decided_by", "decided_at", "note",
    "order_id", "order_name", "is_by_code", "judge_at", "judge_attempts", "due_at", "award_id", "redemption_id",
    "friend_award_id", "is_test", "converted_at", "completed_at", "ended_at", "updated_at",
]  # fmt: skip
"""Columns that change under the advocate's lock; those of the code belong to `coding`."""
LATER = timedelta(days=1)


def locked(referral_id: int) -> Referral:
    """Locks the advocate's account, then reads the referral: nothing else changes it until the transaction ends.

    Locks are taken in one order everywhere: the friend's account, where it is needed, then the advocate's.
    """
    advocate_id = Referral.objects.values_list("advocate_id", flat=True).get(pk=referral_id)
    lock_account(account_id=account_id_of(member_id=advocate_id))
    referral: Referral = Referral.objects.select_related("advocate", "friend", "program").get(pk=referral_id)
    return referral


def write(referral: Referral, *, now: datetime) -> None:
    """Writes a referral that was read under the lock."""
    referral.updated_at = now
    referral.save(update_fields=WRITTEN)


def end(referral: Referral, why: Referral.EndedFor, *, now: datetime) -> None:
    """Ends a referral without a reward; a code the friend has not used is removed. One that has ended is no change."""
    if referral.state == Referral.State.ENDED:
        return
    if referral.order_id is None:
        give_code_up(referral_id=referral.pk, now=now)
    referral.state, referral.ended_for, referral.ended_at = Referral.State.ENDED, why, now
    referral.judge_at = None
    write(referral, now=now)


def order_of(referral: Referral) -> Order | None:
    """Returns the friend's order as last heard of."""
    if referral.order_id is None:
        return None
    order: Order | None = Order.objects.filter(shopify_order_id=referral.order_id).first()
    return order


def is_undone(order: Order) -> bool:
    """Whether an order was cancelled or wholly given back."""
    given_back = order.total_minor > 0 and order.refunded_minor >= order.total_minor
    return order.cancelled_at is not None or given_back
