"""What the worker does: makes the code in the shop, and makes sure that no code outlives its purchase."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.crediting import give_credit
from loyalty.rewards.operations.ending import SETTLING, choose_another_code, fail, finish
from loyalty.rewards.operations.purchase import new_code
from loyalty.rewards.ports import CodeTaken, DiscountRefused, DiscountTerms, IssuerUnavailable, discount_issuer

REMOVAL_DELAYS = (5, 15, 60, 300, 1800)
"""Seconds between attempts to remove a code; the last one repeats."""


def issue(*, redemption_id: int, now: datetime) -> bool:
    """Makes the code of a purchase in flight, or gives its store credit, and ends the purchase.

    Past its deadline nothing is created.

    Returns:
        Whether it should be tried again before the deadline.
    """
    redemption = Redemption.objects.get(pk=redemption_id)
    if redemption.state != Redemption.State.HOLDING or redemption.deadline_at is None or now >= redemption.deadline_at:
        return False
    if redemption.code is None:
        return give_credit(redemption_id=redemption_id, now=now)
    program = Program.objects.get(pk=redemption.program_id)
    try:
        gid = discount_issuer().create(terms_of(redemption, program, deadline_at=redemption.deadline_at))
    except DiscountRefused as refusal:
        fail(redemption_id=redemption_id, reason=f"Shopify refused the discount: {refusal}", now=now)
        return False
    except CodeTaken:
        choose_another_code(redemption_id=redemption_id, code=new_code(program.code_prefix), now=now)
        return True
    except IssuerUnavailable:
        return True
    finish(redemption_id=redemption_id, discount_gid=gid, now=now)
    return False


def remove_code(*, redemption_id: int, now: datetime) -> bool:
    """Removes the code of a purchase that was given up, until the shop confirms that none is left.

    Returns:
        Whether the code is surely gone: confirmed when no request of ours can still be on its way.
    """
    redemption = Redemption.objects.get(pk=redemption_id)
    if not redemption.code_needs_removal or redemption.code is None:
        return True
    program = Program.objects.get(pk=redemption.program_id)
    settled_at = (redemption.deadline_at or redemption.created_at) + SETTLING
    try:
        discount_issuer().delete(
            shopify_domain=program.shopify_domain, code=redemption.code, reference=redemption.public_id
        )
    except IssuerUnavailable:
        delay = REMOVAL_DELAYS[min(redemption.removal_attempts, len(REMOVAL_DELAYS) - 1)]
        return _removal(redemption, done=False, again_at=now + timedelta(seconds=delay), now=now)
    return _removal(redemption, done=now >= settled_at, again_at=settled_at, now=now)


def _removal(redemption: Redemption, *, done: bool, again_at: datetime, now: datetime) -> bool:
    """Writes down an attempt, unless something has happened since it began: a code that came late is not forgotten."""
    unchanged = Redemption.objects.filter(pk=redemption.pk, updated_at=redemption.updated_at)
    written = unchanged.update(
        code_needs_removal=not done,
        removal_attempts=redemption.removal_attempts + 1,
        next_removal_at=None if done else again_at,
        updated_at=now,
    )
    return done and written == 1


def terms_of(redemption: Redemption, program: Program, *, deadline_at: datetime) -> DiscountTerms:
    """Returns the code as it was bought; a term that older redemptions lack has its usual value.

    Args:
        deadline_at: Past it no request to make the code may leave.
    """
    member = Member.objects.get(pk=redemption.member_id)
    terms = redemption.terms
    assert redemption.code is not None
    return DiscountTerms(
        shopify_domain=program.shopify_domain,
        reference=redemption.public_id,
        code=redemption.code,
        title=terms["reward_name"],
        discount_type=terms["discount_type"],
        amount=_decimal(terms["discount_amount"]),
        minimum_spend=_decimal(terms["minimum_spend"]),
        shopify_customer_id=member.shopify_customer_id,
        starts_at=redemption.created_at,
        ends_at=redemption.expires_at,
        deadline_at=deadline_at,
        maximum_shipping=_decimal(terms.get("maximum_shipping")),
        countries=tuple(terms.get("countries", ())),
        rest_of_world=terms.get("rest_of_world", False),
        variant_gids=tuple(terms.get("variant_gids", ())),
        quantity=terms.get("quantity"),
        applies_to=terms.get("applies_to", "all"),
        applies_to_gids=tuple(terms.get("applies_to_gids", ())),
        combines_with=frozenset(terms.get("combines_with", ())),
        purchase_type=terms.get("purchase_type", "one_time"),
    )


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
