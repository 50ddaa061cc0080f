"""Taking store credit away, once, although the shop has no key for it (shopify facts, 7.5; docs/adr/0014).

The caller is its own schedule: it comes back with the same occurrence until there is an answer, as Flow does for a day
and a half. Before the one call is made, what the account shows is written down with the intent. After a lost answer
nothing is sent again: the account is looked at, and a debit that is new and exactly ours is the removal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from loyalty.credits.errors import CreditNotTaken, CreditUnclear, NotEnoughCredit, ShopBusy
from loyalty.credits.models import Removal
from loyalty.errors import IdempotencyKeyReused
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.operations.ending import SETTLING
from loyalty.rewards.ports import CreditRefused, CreditTerms, CreditUnknown, IssuerUnavailable, store_credit

ATTEMPT = timedelta(seconds=7)
"""How long one attempt may take: the caller waits ten seconds."""
_State = Removal.State


def remove_credit(
    *, program: Program, member: Member, amount: Decimal, occurrence: str, reason: str, source: str, now: datetime
) -> Removal:
    """Takes store credit from a member once per occurrence, never below zero. Must not be called inside a transaction.

    Args:
        amount: In the shop's currency, above 0, with its decimal places.
        occurrence: What it is for, once for ever; at most 200 characters.

    Raises:
        NotEnoughCredit, CreditNotTaken, CustomerExcluded: Nothing was taken.
        CreditUnclear: Only a person can tell.
        IdempotencyKeyReused: The occurrence was of another removal.
        ShopBusy: Not known yet; come back with the same occurrence.
    """
    assert not connection.in_atomic_block, "the intent must be committed before the shop is asked"
    removal = _written_down(
        program=program, member=member, amount=amount, occurrence=occurrence, reason=reason, source=source, now=now
    )
    if removal.state == _State.SENT:
        removal = _settled(removal, program, now)
    if removal.state == _State.UNCLEAR:
        raise CreditUnclear
    if removal.state == _State.DONE:
        return removal
    if member.is_excluded:
        raise CustomerExcluded
    return _attempt(removal, program, now)


def _written_down(
    *, program: Program, member: Member, amount: Decimal, occurrence: str, reason: str, source: str, now: datetime
) -> Removal:
    removal: Removal
    removal, _ = Removal.objects.get_or_create(
        program=program,
        occurrence=occurrence,
        defaults={
            "member": member, "amount": amount, "currency": program.currency, "reason": reason, "source": source,
            "created_at": now, "updated_at": now,
        },
    )  # fmt: skip
    if (removal.member_id, removal.amount) != (member.pk, amount):
        raise IdempotencyKeyReused
    return removal


def _attempt(removal: Removal, program: Program, now: datetime) -> Removal:
    """Makes the one call."""
    terms = _terms(removal, program, now + ATTEMPT)
    balance = store_credit().balance(
        shopify_domain=terms.shopify_domain, shopify_customer_id=terms.shopify_customer_id, currency=terms.currency
    )
    if balance is None:
        raise ShopBusy
    if balance < removal.amount:
        raise NotEnoughCredit(asked=removal.amount, balance=balance, currency=removal.currency)
    try:
        known = [each.reference for each in store_credit().debits(terms).credits]
        if not _claimed(removal, known=known, balance=balance, deadline_at=terms.deadline_at, now=now):
            raise ShopBusy
        return _done(removal, store_credit().take(terms), now)
    except IssuerUnavailable as nothing_sent:
        _back(removal, _State.WANTED, now)
        raise ShopBusy from nothing_sent
    except CreditRefused as refusal:
        _back(removal, _State.REFUSED, now)
        raise CreditNotTaken(str(refusal)) from refusal
    except CreditUnknown as unknown:
        raise ShopBusy from unknown


def _claimed(removal: Removal, *, known: list[str], balance: Decimal, deadline_at: datetime, now: datetime) -> bool:
    """Writes down that the call may be made from now on; False while another of this member is under way."""
    mine = Removal.objects.filter(pk=removal.pk, state__in=[_State.WANTED, _State.REFUSED])
    try:
        with transaction.atomic():
            changes = {"known": known, "balance_before": balance, "deadline_at": deadline_at, "updated_at": now}
            return bool(mine.update(state=_State.SENT, **changes))
    except IntegrityError:
        return False


def _settled(removal: Removal, program: Program, now: datetime) -> Removal:
    """Ends a removal that was asked for by what the account shows, or makes it wanted again when nothing was taken."""
    assert removal.deadline_at is not None
    terms = _terms(removal, program, removal.deadline_at)
    try:
        shown = store_credit().debits(terms)
    except IssuerUnavailable as unavailable:
        raise ShopBusy from unavailable
    new = [each for each in shown.credits if each.reference not in removal.known and each.amount == removal.amount]
    reaches_back = shown.is_everything or any(each.reference in removal.known for each in shown.credits)
    if len(new) == 1:
        return _done(removal, new[0].reference, now)
    if new or not reaches_back:  # several, or so many that ours may be out of sight
        return _back(removal, _State.UNCLEAR, now)
    if now < removal.deadline_at + SETTLING:
        raise ShopBusy
    return _back(removal, _State.WANTED, now)


def _done(removal: Removal, reference: str, now: datetime) -> Removal:
    Removal.objects.filter(pk=removal.pk, state=_State.SENT).update(
        state=_State.DONE, reference=reference, updated_at=now
    )
    removal.refresh_from_db()
    return removal


def _back(removal: Removal, state: Removal.State, now: datetime) -> Removal:
    Removal.objects.filter(pk=removal.pk, state=_State.SENT).update(state=state, updated_at=now)
    removal.refresh_from_db()
    return removal


def _terms(removal: Removal, program: Program, deadline_at: datetime) -> CreditTerms:
    return CreditTerms(
        shopify_domain=program.shopify_domain, shopify_customer_id=removal.member.shopify_customer_id,
        amount=removal.amount, currency=removal.currency, expires_at=None, deadline_at=deadline_at,
    )  # fmt: skip


def forget_reasons(*, member_ids: Iterable[int]) -> None:
    """Drops the words of members' removals; the figures stay. A repeat changes nothing."""
    Removal.objects.filter(member_id__in=list(member_ids)).update(reason="")
