"""Giving a reward for nothing: once per member and occurrence, without points, its code made when Shopify lets us.

Nobody waits for it, so nobody gives it up after seconds: the worker tries until the code exists, Shopify refuses it for
good, or a week has passed. Then the merchant reads why on the member's page and may have it tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from loyalty.errors import ProgramDisabled
from loyalty.ledger import operations as ledger
from loyalty.ledger.queries import account_id_of
from loyalty.members.errors import CustomerExcluded, NoTestCustomer
from loyalty.members.models import Member
from loyalty.nudging import nudge_after_commit
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.rewards.errors import NotFailed, RewardNotFound, TestTakenBack
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations.buyable import Choice, Offer, offer_of
from loyalty.rewards.operations.ending import fail, locked
from loyalty.rewards.operations.issuing import issue
from loyalty.rewards.operations.purchase import AS_IT_IS, end_of, new_code

MAX_OCCURRENCE = 200
MAX_ATTEMPTS = 340
"""A week of them: the last of the follow-up's delays repeats."""
_State, _FollowUp, _Credit = Redemption.State, Redemption.FollowUp, Redemption.Credit


@transaction.atomic
def issue_free(
    *,
    member: Member,
    reward_id: str,
    occurrence: str,
    source: str,
    now: datetime,
    choice: Choice = AS_IT_IS,
    is_test: bool | None = None,
) -> tuple[Redemption, bool]:
    """Gives a member a reward for nothing, once per occurrence; the code follows, and with it the event `reward.issued`.

    Joins the caller's transaction. Neither the reward's tier nor its limits are asked: they are for buying, and what is
    given does not count towards them. A replay returns the first, whatever reward it names and however it has ended; a
    member who was merged away stands for the survivor.

    Args:
        reward_id: The reward's public id; what the merchant has switched off, or whose dates are over, is not given.
        occurrence: What it is given for, once per member for ever: `tier:5`, `referral:12:friend`. At most 200 characters
            that name nobody: it outlives a member who is forgotten.
        source: Where it comes from, kept with its terms: `tier`, `referral`, `flow`.
        choice: How many points' worth of a flexible reward (None is the fewest), and which variant of a free product.
        is_test: Whether a test has brought it about; None asks whether the member is testing now.

    Returns:
        The redemption, which is `holding` until its code exists, and whether an earlier call had given it.

    Raises:
        RewardNotFound, CustomerExcluded, ProgramDisabled, NoTestCustomer: Nothing changed.
        TestTakenBack: The test that brought it about was cleaned up before; nothing changed.
        InvalidField: The choice is not one the reward offers; nothing changed.
    """

    def offer(program: Program) -> Offer:
        return offer_of(_offered(reward_id, now), choice=choice, currency=program.currency, source=source)

    return _issue(member, occurrence, offer, is_test=is_test, now=now)


@transaction.atomic
def issue_credit(
    *, member: Member, amount: Decimal, name: str, occurrence: str, source: str, now: datetime
) -> tuple[Redemption, bool]:
    """Gives a member store credit that is of no reward, once per occurrence; it follows as `issue_free`'s rewards do.

    Args:
        amount: In the shop's currency, above 0, with its decimal places.
        name: What the member reads: why they have it.

    Raises:
        CustomerExcluded, ProgramDisabled, NoTestCustomer: Nothing changed.
    """

    def offer(program: Program) -> Offer:
        credit = Reward(
            program=program,
            name=name,
            points_cost=0,
            discount_type=Reward.DiscountType.STORE_CREDIT,
            discount_amount=amount,
        )
        return offer_of(credit, choice=AS_IT_IS, currency=program.currency, source=source)

    return _issue(member, occurrence, offer, is_test=None, now=now)


def _issue(
    member: Member, occurrence: str, offer: Callable[[Program], Offer], *, is_test: bool | None, now: datetime
) -> tuple[Redemption, bool]:
    """Judges the member and begins to give what `offer` makes; see `issue_free`."""
    assert 0 < len(occurrence) <= MAX_OCCURRENCE, occurrence
    account = ledger.lock_account(account_id=account_id_of(member_id=member.pk))
    member = Member.objects.select_related("program", "merged_into").get(pk=member.pk)
    if member.merged_into is not None:
        return _issue(member.merged_into, occurrence, offer, is_test=is_test, now=now)
    if first := Redemption.objects.filter(member=member, occurrence=occurrence).first():
        return first, True
    program: Program = member.program
    offered = offer(program)
    if member.is_excluded:
        raise CustomerExcluded
    if not program.is_enabled:
        raise ProgramDisabled
    if not program.is_open_to(member.email):
        raise NoTestCustomer
    if is_test and not account.has_tests:
        raise TestTakenBack
    redemption = Redemption(
        program=program, public_id=new_public_id("cr"), member=member, occurrence=occurrence, points_spent=0,
        is_test=account.is_testing if is_test is None else is_test, created_at=now,
    )  # fmt: skip
    _begin(redemption, offered, program, now)
    return redemption, False


@transaction.atomic
def give_again(*, redemption_id: int, now: datetime) -> Redemption:
    """Tries a free reward anew that could not be given, under the reward's terms of today and with another code.

    Raises:
        NotFailed: It was given, is still being tried, or its first code is not surely gone yet.
        RewardNotFound: The reward is off or was deleted.
        InvalidField: The reward no longer offers what was chosen.
    """
    redemption = locked(redemption_id)
    if redemption.state != _State.FAILED or not redemption.is_free or redemption.code_needs_removal:
        raise NotFailed
    reward = _offered(redemption.reward.public_id if redemption.reward else "", now)
    terms, program = redemption.terms, Program.objects.get(pk=redemption.program_id)
    variants = terms["variant_gids"]
    choice = Choice(
        points=terms["points"] if reward.is_flexible else None, variant=variants[0] if len(variants) == 1 else None
    )
    _begin(redemption, offer_of(reward, choice=choice, currency=program.currency, source=terms["source"]), program, now)
    return redemption


def give(*, redemption_id: int, until: datetime, now: datetime) -> bool:
    """Makes one attempt to give a free reward; past `until` no request of it may leave.

    Returns:
        Whether another attempt shall follow. A store credit that may have been given is looked up, not tried again.
    """
    with transaction.atomic():
        redemption = locked(redemption_id)
        sent = redemption.credit_state in (_Credit.SENT, _Credit.UNCLEAR)
        if redemption.state != _State.HOLDING or redemption.follow_up != _FollowUp.ISSUE or sent:
            return False
        redemption.deadline_at, redemption.updated_at = until, now
        redemption.credit_state, redemption.credit_known = "", []  # of an attempt that died before it sent anything
        redemption.save()
        if reason := _why_no_more(redemption, now):
            fail(redemption_id=redemption_id, reason=reason, now=now)
            return False
    return issue(redemption_id=redemption_id, now=now)


def _why_no_more(redemption: Redemption, now: datetime) -> str:
    if Member.objects.filter(pk=redemption.member_id).exclude(redacted_at=None).exists():
        return gettext_noop("The customer asked to be forgotten")
    if redemption.expires_at is not None and redemption.expires_at <= now:
        return gettext_noop("Its days were over before Shopify could be reached")
    return (
        gettext_noop("Shopify could not be reached for a week") if redemption.follow_up_attempts >= MAX_ATTEMPTS else ""
    )


def _offered(reward_id: str, now: datetime) -> Reward:
    reward: Reward | None = Reward.objects.existing().filter(public_id=reward_id).first()
    if reward is None or not reward.is_offered(now=now):
        raise RewardNotFound(reward_id)
    return reward


def _begin(redemption: Redemption, offer: Offer, program: Program, now: datetime) -> None:
    """Writes down what is to be given, with its code already drawn, and wakes the worker after the commit."""
    is_credit = offer.reward.discount_type == Reward.DiscountType.STORE_CREDIT
    redemption.reward = offer.reward if offer.reward.pk else None
    redemption.terms, redemption.failure = offer.terms, ""
    redemption.code = None if is_credit else new_code(program.code_prefix)
    redemption.expires_at = end_of(offer.reward, program, now=now)
    redemption.state, redemption.deadline_at, redemption.updated_at = _State.HOLDING, None, now
    redemption.credit_state, redemption.credit_known = "", []
    redemption.follow_up, redemption.follow_up_attempts, redemption.next_follow_up_at = _FollowUp.ISSUE, 0, now
    redemption.save()
    nudge_after_commit(
        "loyalty.rewards.tasks.follow_up", queue="delivery", program_id=program.pk, redemption_id=redemption.pk
    )
