"""What a referral gives: points by the referral rule, or a reward without points; and how it is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from loyalty.earning.errors import RuleNotFound
from loyalty.earning.evaluation import Skip
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.kinds import referral as kind
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import Activity, award, take_back_of
from loyalty.earning.results import AwardResult
from loyalty.errors import ProgramDisabled
from loyalty.members.errors import NoTestCustomer
from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.referrals.models import Referral
from loyalty.referrals.terms import terms_from
from loyalty.rewards import operations as rewards
from loyalty.rewards.errors import NotReturnable, RewardNotFound
from loyalty.rewards.models import Redemption

UNDONE = "The friend's order was cancelled or refunded"


class NotGiven(Exception):
    """A reward that can't be given, for a reason somebody has to act on."""


def give_reward(referral: Referral, order: Order, *, now: datetime) -> dict[str, Any] | None:
    """Gives the advocate's reward, and takes of points what the order's refunds have come to already.

    Returns:
        What was given, as the event tells it; None when nothing can be given just now (the programme is off).

    Raises:
        NotGiven: The rule or the reward is off or gone, or gives nothing.
        CustomerExcluded: The advocate takes no part at the moment.
    """
    terms = terms_from(referral.terms)
    if terms.advocate_gets == kind.REWARD:
        return _issue(referral, terms.advocate_reward or "", now=now)
    result = _award(referral, referral.advocate, occurrence=f"referral:{referral.pk}", points=None, now=now)
    if result is None:
        return None
    referral.award_id = result.public_id
    stored = Award.objects.get(public_id=result.public_id)
    take_back_of(award=stored, order=order, now=now)
    return {"points": result.points, "advocate_gets": terms.advocate_gets}


def give_friend_points(referral: Referral, points: int, *, now: datetime) -> str | None:
    """Gives the friend points for the account and returns the award's id; None when nothing can be given just now.

    Raises:
        NotGiven: The rule is off or gone.
        AlreadyAwarded: They had them.
        CustomerExcluded: The friend takes no part.
    """
    assert referral.friend is not None
    result = _award(referral, referral.friend, occurrence=f"referred:{referral.pk}", points=points, now=now)
    return result.public_id if result is not None else None


def withdraw_reward(referral: Referral, *, now: datetime) -> None:
    """Takes back the reward a completed referral gave, as far as it was not used; points follow the order by themselves."""
    given = Redemption.objects.filter(public_id=referral.redemption_id).first() if referral.redemption_id else None
    if given is None:
        return
    try:
        rewards.ask_back(redemption_id=given.pk, now=now, actor=UNDONE)
    except NotReturnable:
        rewards.fail(redemption_id=given.pk, reason=UNDONE, now=now)  # still being made; one that was used stays


def _issue(referral: Referral, reward_id: str, *, now: datetime) -> dict[str, Any] | None:
    try:
        redemption, _is_new = rewards.issue_free(
            member=referral.advocate,
            reward_id=reward_id,
            occurrence=f"referral:{referral.pk}",
            source="referral",
            now=now,
        )
    except RewardNotFound as refusal:
        raise NotGiven(_("The reward is switched off or was deleted")) from refusal
    except (ProgramDisabled, NoTestCustomer):
        return None
    referral.redemption_id = redemption.public_id
    return {"points": 0, "advocate_gets": kind.REWARD, "reward_name": redemption.terms["reward_name"]}


def _award(
    referral: Referral, member: Member, *, occurrence: str, points: int | None, now: datetime
) -> AwardResult | None:
    rule = EarningRule.objects.existing().filter(pk=referral.rule_id).first()
    if rule is None:
        raise NotGiven(_("The referral rule was deleted"))
    try:
        result = award(
            activity=Activity(
                rule=RuleReference(public_id=rule.public_id),
                customer=CustomerReference(shopify_customer_id=member.shopify_customer_id),
                source="referral",
                source_reference=referral.public_id,
                occurred_at=referral.converted_at or now,
                occurrence=occurrence,
                stated_points=points,
                is_approved=True,
                metadata={"referral_id": referral.public_id},
            ),
            program_id=referral.program_id,
            now=now,
        )
    except RuleNotFound as refusal:
        raise NotGiven(_("The referral rule is switched off")) from refusal
    if result.skip_reason == Skip.ZERO_POINTS:
        raise NotGiven(_("The referral rule gives no points"))
    return result if result.skip_reason is None else None
