"""The friend of a referral, as platforms are told of them: they asked for the code, and may be no member."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from loyalty.earning.kinds import referral as kind
from loyalty.errors import NotFound
from loyalty.integrations.naming import DISCOUNT_TYPES
from loyalty.integrations.vendor import Person
from loyalty.programs.models import Program
from loyalty.referrals.models import Referral
from loyalty.referrals.queries import referral, rule_name_of
from loyalty.referrals.terms import ReferralTerms, terms_from


@dataclass(frozen=True, slots=True)
class Friend:
    """Whom to tell, and of what, by the properties' names. `is_early`: their code is still being made."""

    person: Person
    properties: dict[str, Any]
    is_early: bool


def read_friend(*, referral_id: str) -> Friend | None:
    """Returns the friend of a referral of the programme in scope; None when they were forgotten, or there is nothing to tell."""
    try:
        found = referral(public_id=referral_id)
    except NotFound:
        return None
    terms = terms_from(found.terms)
    if found.friend_email is None or (terms.has_code and found.code_state not in _CODES):
        return None
    program = Program.objects.get(pk=found.program_id)
    return Friend(
        person=Person(email=found.friend_email, shopify_customer_id=found.friend_customer_id),
        properties={
            **_what(terms, program.currency),
            "Discount Code": found.code if terms.has_code else None,
            "Campaign Name": rule_name_of(found),
            "Advocate Email": found.advocate.email,
            "Advocate Name": found.advocate.first_name,
        },
        is_early=terms.has_code and found.code_state == Referral.CodeState.WANTED,
    )


_CODES = (Referral.CodeState.WANTED, Referral.CodeState.MADE)


def _what(terms: ReferralTerms, currency: str) -> dict[str, Any]:
    """The reward in the words and numbers that flows know."""
    amount = Decimal(terms.friend_amount or 0)
    value = int(amount) if amount == amount.to_integral_value() else float(amount)
    match terms.friend_gets:
        case kind.PERCENTAGE:
            reward = f"{value}% off"
        case kind.FIXED_AMOUNT:
            reward = f"${value} off" if currency == "USD" else f"{value} {currency} off"
        case kind.FREE_SHIPPING:
            reward, value = "free shipping", 0
        case _:
            return {"Reward": terms.offer(currency)}
    return {
        "Discount Type": DISCOUNT_TYPES.get(terms.friend_gets, terms.friend_gets), "Discount Value": value,
        "Reward": reward,
    }  # fmt: skip
