"""The advocate's reward, once per friend, when the friend's order can no longer be returned; the friend's points."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.earning.errors import AlreadyAwarded
from loyalty.events import EventKind
from loyalty.ledger.queries import is_testing
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.outbox.operations import append
from loyalty.referrals.identity import email_key
from loyalty.referrals.models import Referral
from loyalty.referrals.operations.ending import LATER, end, is_undone, locked, order_of, write
from loyalty.referrals.operations.rewarding import NotGiven, give_friend_points, give_reward
from loyalty.referrals.operations.tracing import key_of
from loyalty.referrals.queries import rule_name_of
from loyalty.referrals.terms import terms_from

_State = Referral.State


@transaction.atomic
def complete(*, referral_id: int, now: datetime) -> bool:
    """Gives the advocate the reward if it is due and nothing waits for a decision; a repeat changes nothing.

    An advocate who takes no part just now is asked for again a day later, and so is a programme that is off. What can't be
    given at all waits for a decision, with the reason.

    Returns:
        Whether the referral was completed by this call.
    """
    referral = locked(referral_id)
    is_due = referral.due_at is not None and referral.due_at <= now
    if referral.state != _State.FRIEND_CONVERTED or not is_due or referral.is_held:
        return False
    order = order_of(referral)
    if order is None or is_undone(order):
        end(referral, Referral.EndedFor.ORDER_UNDONE, now=now)
        return False
    try:
        with transaction.atomic():
            given = give_reward(referral, order, now=now)
    except CustomerExcluded:
        given = None
    except NotGiven as reason:
        referral.held_for = sorted({*referral.held_for, Referral.HeldFor.NOT_GIVEN.value})
        referral.decision, referral.note = "", str(reason)[:300]
        write(referral, now=now)
        return False
    if given is None:
        referral.due_at = now + LATER
        write(referral, now=now)
        return False
    referral.state, referral.completed_at = _State.COMPLETED, now
    referral.is_test = is_testing(member_id=referral.advocate_id)  # as what was given for it
    write(referral, now=now)
    append(
        program_id=referral.program_id, kind=EventKind.REFERRAL_COMPLETED, member_id=referral.advocate_id, now=now,
        payload={"referral_id": referral.public_id, "rule_name": rule_name_of(referral), **given}, is_test=referral.is_test,
    )  # fmt: skip
    return True


@transaction.atomic
def welcome(*, member: Member, now: datetime) -> None:
    """A friend has an account: theirs are the points they were promised, and an order that waited for it is judged.

    Points wait while the referral waits for a decision. A repeat changes nothing.
    """
    key = key_of(f"email:{email_key(member.email)}") if member.email else None
    for referral_id in _invitations_of(member, key):
        referral = locked(referral_id)
        if referral.advocate_id == member.pk:
            continue
        referral.friend, referral.friend_customer_id = member, member.shopify_customer_id
        if referral.order_id is not None and referral.state == _State.PENDING:
            referral.judge_at = now
        write(referral, now=now)
        reward_friend(referral, now=now)
        _tell_of_code(referral, now=now)


def reward_friend(referral: Referral, *, now: datetime) -> None:
    """Gives the friend points for the account, once, unless the referral waits for a decision; under the lock."""
    terms = terms_from(referral.terms)
    wanted = terms.friend_gets == "points" and referral.friend is not None and not referral.friend_award_id
    if not wanted or referral.is_held or referral.state in (_State.EXPIRED, _State.ENDED):
        return
    try:
        with transaction.atomic():
            given = give_friend_points(referral, terms.friend_points, now=now)
    except (AlreadyAwarded, CustomerExcluded, NotGiven):
        return
    if given is None:
        return
    referral.friend_award_id = given
    write(referral, now=now)
    append(
        program_id=referral.program_id, kind=EventKind.FRIEND_REWARDED, member_id=referral.friend_id, now=now,
        payload={"referral_id": referral.public_id, "points": terms.friend_points},
        is_test=referral.friend is not None and is_testing(member_id=referral.friend.pk),
    )  # fmt: skip


def _tell_of_code(referral: Referral, *, now: datetime) -> None:
    """Tells of a friend whose reward is a code, once they are a customer of the shop and can be told of."""
    terms = terms_from(referral.terms)
    if not terms.has_code or referral.code_state not in (Referral.CodeState.WANTED, Referral.CodeState.MADE):
        return
    offer = terms.offer(referral.program.currency, whose="their")
    append(
        program_id=referral.program_id, kind=EventKind.FRIEND_REWARDED, member_id=referral.friend_id, now=now,
        payload={"referral_id": referral.public_id, "points": 0, "discount_code": referral.code, "offer": offer},
        is_test=referral.is_test,
    )  # fmt: skip


def _invitations_of(member: Member, key: str | None) -> list[int]:
    """The referrals a new member is the friend of."""
    rows = Referral.objects.exclude(state__in=[_State.EXPIRED, _State.ENDED]).filter(friend=None)
    by_id = rows.filter(friend_customer_id=member.shopify_customer_id)
    by_email = rows.filter(friend_key=key) if key else rows.none()
    return sorted({*by_id.values_list("pk", flat=True), *by_email.values_list("pk", flat=True)})
