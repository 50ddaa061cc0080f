"""Store credit, given once although the shop has no key for it (shopify facts, 7.5).

Before the one call that is made, what the account already shows is written down with the intent. After a lost answer, a
crash or a restart nothing is sent again: the account is looked at, and a credit that is new and exactly ours ends the
purchase. None, once no request of ours can be on its way, returns the points. Several that fit are the merchant's to judge.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.errors import NotUnclear
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.ending import SETTLING, fail, finish, locked
from loyalty.rewards.ports import (
    Credited,
    CreditRefused,
    CreditTerms,
    CreditUnknown,
    IssuerUnavailable,
    store_credit,
)

_Credit, _State = Redemption.Credit, Redemption.State


def give_credit(*, redemption_id: int, now: datetime) -> bool:
    """Gives the credit of a purchase in flight and ends the purchase. What was sent before is never sent again.

    Returns:
        Whether it should be tried again before the deadline.
    """
    redemption = Redemption.objects.get(pk=redemption_id)
    deadline = redemption.deadline_at
    if redemption.state != _State.HOLDING or deadline is None or now >= deadline:
        return False
    if redemption.credit_state == _Credit.SENT:
        return settle_credit(redemption_id=redemption_id, now=now)
    if redemption.credit_state or not claim_credit(redemption_id=redemption_id, now=now):
        return not redemption.credit_state  # another credit of this member is in flight: theirs must be told apart
    terms = _terms(redemption, deadline)
    try:
        known = [each.reference for each in store_credit().credits(terms).credits]
        if not note_sending(redemption_id=redemption_id, known=known, deadline_at=deadline, now=now):
            return False
        finish(redemption_id=redemption_id, discount_gid=store_credit().give(terms), now=now)
    except IssuerUnavailable:
        return _unclaim(redemption_id, deadline)
    except CreditRefused as refusal:
        reason = f"Shopify refused the store credit: {refusal}"
        fail(redemption_id=redemption_id, reason=reason, now=now, nothing_was_given=True)
    except CreditUnknown:
        return settle_credit(redemption_id=redemption_id, now=now)
    return False


@transaction.atomic
def claim_credit(*, redemption_id: int, now: datetime) -> bool:
    """Claims the purchase for one worker, unless another credit of the member is in flight; returns whether it is ours."""
    redemption = locked(redemption_id)
    others = Redemption.objects.filter(member_id=redemption.member_id, state=_State.HOLDING).exclude(pk=redemption_id)
    if redemption.state != _State.HOLDING or redemption.credit_state:
        return False
    if others.filter(credit_state__in=[_Credit.CLAIMED, _Credit.SENT]).exists():
        return False
    redemption.credit_state, redemption.updated_at = _Credit.CLAIMED, now
    redemption.save()
    return True


@transaction.atomic
def note_sending(*, redemption_id: int, known: list[str], deadline_at: datetime, now: datetime) -> bool:
    """Writes the intent down: from now on the credit may have been given. Returns whether it may be sent.

    Args:
        known: References of the credits that the account shows already.
        deadline_at: Of the attempt that asks: a free reward's next attempt has another.
    """
    redemption = locked(redemption_id)
    is_present = redemption.state == _State.HOLDING and redemption.deadline_at == deadline_at
    if not is_present or redemption.credit_state != _Credit.CLAIMED:
        return False  # given up meanwhile: the points are back
    redemption.credit_state, redemption.credit_known, redemption.updated_at = _Credit.SENT, known, now
    redemption.save()
    return True


def settle_credit(*, redemption_id: int, now: datetime) -> bool:
    """Ends a purchase whose credit was sent, by what the account shows. Repeats change nothing.

    Returns:
        Whether it should be tried again before the deadline.
    """
    redemption = Redemption.objects.get(pk=redemption_id)
    deadline = redemption.deadline_at
    if redemption.state != _State.HOLDING or redemption.credit_state != _Credit.SENT or deadline is None:
        return False
    terms = _terms(redemption, deadline)
    try:
        shown = store_credit().credits(terms)
    except IssuerUnavailable:
        return now < deadline
    ours = [each for each in shown.credits if each.reference not in redemption.credit_known and _fits(each, terms)]
    known = any(each.reference in redemption.credit_known for each in shown.credits)
    if len(ours) == 1:
        finish(redemption_id=redemption_id, discount_gid=ours[0].reference, now=now)
    elif ours or not (shown.is_everything or known):  # several, or so many that ours may be out of sight
        Redemption.objects.filter(pk=redemption_id, credit_state=_Credit.SENT).update(credit_state=_Credit.UNCLEAR)
    elif now >= deadline + SETTLING:
        _not_given(redemption, now)
    return now < deadline


def decide_credit(*, redemption_id: int, was_given: bool, now: datetime) -> Redemption:
    """Ends a purchase of which only the merchant can tell whether its credit was given.

    Raises:
        NotUnclear: It is not one of those.
    """
    redemption = Redemption.objects.get(pk=redemption_id)
    if redemption.state != _State.HOLDING or redemption.credit_state != _Credit.UNCLEAR:
        raise NotUnclear
    if was_given:
        return finish(redemption_id=redemption_id, discount_gid="", now=now)
    return fail(
        redemption_id=redemption_id, reason=gettext_noop("Not given, as staff saw"), now=now, nothing_was_given=True
    )


def _unclaim(redemption_id: int, deadline_at: datetime) -> bool:
    """Nothing was sent, so the next attempt begins anew; one that began meanwhile is left alone."""
    mine = Redemption.objects.filter(pk=redemption_id, state=_State.HOLDING, deadline_at=deadline_at)
    mine.update(credit_state="", credit_known=[])
    return True


def _not_given(redemption: Redemption, now: datetime) -> None:
    """It is certain that the credit was not given: its points go back, and a free one is tried again."""
    if not redemption.is_free:
        reason = "The store credit was not given"
        fail(redemption_id=redemption.pk, reason=reason, now=now, nothing_was_given=True)
        return
    mine = Redemption.objects.filter(
        pk=redemption.pk, state=_State.HOLDING, credit_state=_Credit.SENT, deadline_at=redemption.deadline_at
    )
    mine.update(credit_state="", credit_known=[], deadline_at=None, next_follow_up_at=now, updated_at=now)


def _fits(credit: Credited, terms: CreditTerms) -> bool:
    same_end = credit.expires_at == terms.expires_at
    return credit.amount == terms.amount and credit.currency == terms.currency and same_end


def _terms(redemption: Redemption, deadline_at: datetime) -> CreditTerms:
    program = Program.objects.get(pk=redemption.program_id)
    return CreditTerms(
        shopify_domain=program.shopify_domain,
        shopify_customer_id=Member.objects.get(pk=redemption.member_id).shopify_customer_id,
        amount=Decimal(redemption.terms["discount_amount"]),
        currency=redemption.terms["currency"],
        expires_at=redemption.expires_at,
        deadline_at=deadline_at,
    )
