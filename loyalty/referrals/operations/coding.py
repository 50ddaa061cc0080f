"""The friend's code in the shop: made until it exists, removed until it is gone. No customer waits for it holding points.

The code was drawn and stored before the first call, so a lost answer is looked up and never guessed (docs/adr/0006).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from loyalty.earning.kinds import referral as kind
from loyalty.programs.models import Program
from loyalty.referrals.errors import NoCodeToMake
from loyalty.referrals.models import Referral
from loyalty.referrals.terms import ReferralTerms, terms_from
from loyalty.rewards.operations.purchase import new_code
from loyalty.rewards.ports import CodeTaken, DiscountRefused, DiscountTerms, IssuerUnavailable, discount_issuer

DELAYS = (2, 5, 15, 60, 300, 1800)
"""Seconds between attempts; the last one repeats."""
LEASE = timedelta(seconds=30)
"""How long one attempt has the code to itself; the call ends within half of it."""
_State = Referral.CodeState


def work_on_code(*, referral_id: int, now: datetime) -> None:
    """Makes or removes the friend's code, whichever is due. What the shop does not answer is tried again later."""
    states = [_State.WANTED, _State.UNWANTED]
    mine = Referral.objects.filter(pk=referral_id, code_state__in=states, next_code_attempt_at__lte=now)
    if not mine.update(next_code_attempt_at=now + LEASE):
        return  # done, or another worker's
    referral: Referral = Referral.objects.get(pk=referral_id)
    program = Program.objects.get(pk=referral.program_id)
    try:
        if referral.code_state == _State.WANTED:
            changes = _make(referral, program, now)
        else:
            discount_issuer().delete(
                shopify_domain=program.shopify_domain, code=referral.code or "", reference=referral.public_id
            )
            changes = {"code_state": _State.REMOVED, "next_code_attempt_at": None}
    except IssuerUnavailable:
        delay = DELAYS[min(referral.code_attempts, len(DELAYS) - 1)]
        changes = {
            "code_attempts": referral.code_attempts + 1,
            "next_code_attempt_at": now + timedelta(seconds=delay),
        }
    written = Referral.objects.filter(pk=referral_id, code_state=referral.code_state).update(**changes, updated_at=now)
    if not written and changes.get("code_state") == _State.MADE:
        # It was given up meanwhile: the code that came late goes as well.
        Referral.objects.filter(pk=referral_id).update(code_state=_State.UNWANTED, next_code_attempt_at=now)


def give_code_up(*, referral_id: int, now: datetime) -> None:
    """Marks the friend's code for removal from the shop. Without a code it is no change."""
    Referral.objects.filter(pk=referral_id, code_state__in=[_State.WANTED, _State.MADE]).update(
        code_state=_State.UNWANTED, code_attempts=0, next_code_attempt_at=now
    )


def make_code_again(*, referral_id: int, now: datetime) -> None:
    """Has the friend's code tried anew that Shopify refused, under the terms it was promised with.

    Raises:
        NoCodeToMake: It was not refused, or the referral is over.
    """
    refused = Referral.objects.filter(pk=referral_id, code_state=_State.REFUSED)
    going_on = refused.filter(state__in=[Referral.State.PENDING, Referral.State.FRIEND_CONVERTED])
    if not going_on.update(
        code_state=_State.WANTED, code_attempts=0, next_code_attempt_at=now, note="", updated_at=now
    ):
        raise NoCodeToMake


def _make(referral: Referral, program: Program, now: datetime) -> dict[str, object]:
    try:
        gid = discount_issuer().create(_discount(referral, program, terms_from(referral.terms), now))
    except CodeTaken as taken:  # by somebody else's discount: another code, at the next attempt
        Referral.objects.filter(pk=referral.pk).update(code=new_code(program.code_prefix))
        raise IssuerUnavailable("the code belongs to somebody else") from taken
    except DiscountRefused as refusal:
        return {"code_state": _State.REFUSED, "next_code_attempt_at": None, "note": f"Shopify: {refusal}"[:300]}
    return {"code_state": _State.MADE, "next_code_attempt_at": None, "discount_gid": gid}


def _discount(referral: Referral, program: Program, terms: ReferralTerms, now: datetime) -> DiscountTerms:
    """The code as it was promised. Who is a customer already is the only one who can use it; else whoever has it, once."""
    products, collections = terms.friend_product_ids, terms.friend_collection_ids
    applies_to, noun, numbers = ("all", "", [])
    if products:
        applies_to, noun, numbers = "products", "Product", products
    elif collections:
        applies_to, noun, numbers = "collections", "Collection", collections
    combines = {name for name in ("product", "order", "shipping") if getattr(terms, f"friend_combines_{name}")}
    has_amount = terms.friend_gets in (kind.PERCENTAGE, kind.FIXED_AMOUNT)
    assert referral.code is not None
    return DiscountTerms(
        shopify_domain=program.shopify_domain,
        reference=referral.public_id,
        code=referral.code,
        title="Invitation of a friend",
        discount_type=terms.friend_gets,
        amount=Decimal(terms.friend_amount) if has_amount else None,
        minimum_spend=Decimal(terms.friend_minimum_spend) if terms.friend_minimum_spend else None,
        shopify_customer_id=referral.friend_customer_id,
        starts_at=referral.claimed_at,
        ends_at=referral.expires_at,
        deadline_at=now + LEASE / 2,
        applies_to=applies_to,
        applies_to_gids=tuple(f"gid://shopify/{noun}/{number}" for number in numbers),
        combines_with=frozenset(combines),
        purchase_type=terms.friend_purchases,
    )
