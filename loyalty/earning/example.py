"""A worked example for merchants: what one order gives, by the evaluation that judges real ones. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from loyalty.earning.evaluation import CampaignFacts, MemberFacts, ProgramFacts, RuleFacts, evaluate
from loyalty.earning.purchase import Purchase, parts
from loyalty.money import exponent, to_decimal

_UNITS = {0: 4990, 2: 4990, 3: 49900}
"""An order of 49.90, 49.900 or 4,990, by the currency's decimal places, in its smallest unit."""
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Example:
    """An order and its whole points; `exact` are the points before they are rounded down."""

    amount: Decimal
    points: int
    exact: Decimal


def order_example(
    *,
    points: int,
    options: Mapping[str, Any],
    currency: str,
    now: datetime,
    tier: Decimal = ONE,
    campaign: Decimal = ONE,
    extra_points: int = 0,
) -> Example:
    """Returns what an order of one line gives by a rule of kind `place_order`; its time and products are no one's.

    Args:
        options: The rule's, as they are stored.
        tier, campaign: The multipliers; `extra_points` come on top.
    """
    minor = _UNITS[exponent(currency)]
    line = {"product_id": None, "amount_minor": minor, "tax_minor": 0, "discount_minor": 0, "is_gift_card": False}
    base = parts(points, options, Purchase(currency, [line], is_first=True))
    runs = CampaignFacts(1, "", campaign, now, None, extra_points)
    judged = evaluate(
        rule=RuleFacts(0, "", "", 1, "place_order", "purchase", points, 0, "unlimited", options=options),
        member=MemberFacts(0, None, 1, "", tier),
        program=ProgramFacts(is_enabled=True, tiers_multiply_everything=True, restricted_to=None),
        campaigns=(runs,),
        occurred_at=now,
        now=now,
        parts=base,
    )
    return Example(to_decimal(minor, currency), judged.points, judged.base * judged.multiplier + extra_points)


def award_example(*, points: int, category: str, tier: Decimal, is_everything: bool, now: datetime) -> int:
    """Returns the whole points that a rule of fixed points gives a member of a tier.

    Args:
        category: The rule's, as REST has it.
        tier: The tier's multiplier.
        is_everything: Tiers multiply every rule, and not purchases only.
    """
    judged = evaluate(
        rule=RuleFacts(0, "", "", 1, "custom", category, points, 0, "unlimited", options={}),
        member=MemberFacts(0, None, 1, "", tier),
        program=ProgramFacts(is_enabled=True, tiers_multiply_everything=is_everything, restricted_to=None),
        campaigns=(),
        occurred_at=now,
        now=now,
    )
    return judged.points
