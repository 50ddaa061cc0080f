"""Awarding what was skipped while the programme was restricted to test customers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.earning.errors import AlreadyAwarded
from loyalty.earning.operations.award import award
from loyalty.earning.operations.orders import award_late
from loyalty.earning.operations.skipping import activity_of
from loyalty.earning.results import AwardResult
from loyalty.errors import Refusal
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.orders.locks import lock_order
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip

_NOT_NOW = {
    "program_disabled": "The programme is switched off",
    "test_mode": "Test mode is still on, and the customer is not on its list",
    "zero_points": "There are no points to give now",
    "not_eligible": "The order does not earn by this rule any more",
}


@transaction.atomic
def award_skipped(*, skip_id: int, now: datetime) -> bool:
    """Awards one kept skip, once, by the rule, tier and campaigns as they are now, at the moment it happened.

    What cannot be awarded now goes on waiting, with the reason; what never can be is decided. A repeat, and two at once,
    change nothing more.

    Returns:
        Whether this call awarded it.

    Raises:
        ProductsUnknown: The shop is to be asked about the order's products first.
    """
    skip = _locked(skip_id)
    if skip is None:
        return False
    try:
        with transaction.atomic():
            result = _award(skip, now)
    except AlreadyAwarded:
        skips.decide(skip=skip, state=Skip.State.NOTHING, now=now, sentence="The customer has had these points")
        return False
    except Refusal as refusal:
        skips.note(skip=skip, sentence=refusal.sentence)
        return False
    if result is None:
        skips.decide(skip=skip, state=Skip.State.NOTHING, now=now, sentence="The order was cancelled or given back")
        return False
    if result.skip_reason is not None:
        skips.note(skip=skip, sentence=_NOT_NOW[result.skip_reason.value])
        return False
    told = "A repeated call had awarded it" if result.replayed else ""
    skips.decide(skip=skip, state=Skip.State.GIVEN, now=now, sentence=told)
    return not result.replayed


def _locked(skip_id: int) -> Skip | None:
    """Locks the order, the member's account and the skip, in the order in which everybody does."""
    seen = Skip.objects.filter(pk=skip_id).first()
    if seen is None:
        return None
    if (order_id := seen.facts.get("order_id")) is not None:
        lock_order(program_id=seen.program_id, shopify_order_id=order_id)
    lock_account(account_id=account_id_of(member_id=seen.member_id))
    return skips.lock_waiting(skip_id=skip_id)


def _award(skip: Skip, now: datetime) -> AwardResult | None:
    order_id = skip.facts["order_id"]
    if order_id is not None:
        rule_id = skip.facts["rule_id"]
        return award_late(program_id=skip.program_id, shopify_order_id=order_id, rule_id=rule_id, now=now)
    return award(activity=activity_of(skip, skip.member), program_id=skip.program_id, now=now)
