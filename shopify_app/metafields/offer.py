"""The programme as a theme reads it off the shop, under the documented names (rest-api facts, sections 13 and 16).

What a shop's customers are not meant to see stays out: rules hidden on the storefront, and rewards that are only given.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from loyalty.earning.kinds import referral as kind
from loyalty.earning.models import EarningRule
from loyalty.programs.models import Program
from loyalty.referrals.queries import open_rule
from loyalty.referrals.terms import ReferralTerms, terms_of_rule
from loyalty.rewards.models import Reward
from loyalty.rewards.queries import rewards
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import ladder

SPELLED = {
    "fixed_amount": "fixed", "free_shipping": "free-shipping", "free_product": "free-product", "store_credit": "store-credit",
}  # fmt: skip
"""Kinds of discount as metafields spell them, where that differs from REST."""


def read_offer(*, program: Program) -> dict[str, Any]:
    """Returns what the programme in scope offers; points are whole, money is in the shop's currency."""
    return {
        "points_program": _points(program),
        "vip_program": _tiers(program),
        "referral_program": _referrals(program),
    }


def _points(program: Program) -> dict[str, Any]:
    rules = EarningRule.objects.existing().filter(is_hidden_on_storefront=False).order_by("position", "pk")
    return {
        "enabled": program.is_enabled,
        "ways_to_earn": [_rule(each) for each in rules],
        "points_rewards": [_reward(each) for each in rewards().filter(points_cost__gt=0)],
        "points_expiry_enabled": program.points_expiry_enabled,
        "points_expiry_days": program.points_expiry_days if program.points_expiry_enabled else None,
    }


def _rule(rule: EarningRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "description": rule.description,
        "points": rule.points,
        "type": rule.action,
        "category": rule.category,
        "is_active": rule.is_active,
        "customer_facing_label": rule.customer_facing_label,
        "call_to_action_url": rule.call_to_action_url,
    }


def _reward(reward: Reward) -> dict[str, Any]:
    return {
        "name": reward.name,
        "points_cost": reward.points_cost,
        "discount_type": SPELLED.get(reward.discount_type, reward.discount_type),
        "discount_amount": _number(reward.discount_amount),
        "minimum_spend": _number(reward.minimum_spend),
        "is_active": reward.is_active,
    }


def _tiers(program: Program) -> dict[str, Any]:
    tiers = list(ladder())
    is_on = program.is_enabled and bool(tiers)
    return {
        "enabled": is_on,
        "multiplier_mode": "multiplier" if is_on else None,
        "tiers": [_tier(each) for each in tiers],
    }


def _tier(tier: Tier) -> dict[str, Any]:
    return {
        "name": tier.name,
        "points_required": tier.threshold,
        "multiplier": _number(tier.multiplier),
        "badge_color": tier.badge_color,
        "badge_image_url": tier.badge_image_url,
        "description": tier.description,
    }


def _referrals(program: Program) -> dict[str, Any]:
    rule = open_rule()
    terms = terms_of_rule(rule) if rule is not None else None
    return {
        "enabled": program.is_enabled and rule is not None,
        "referral_rewards": [*_friend_gets(terms, program), *_advocate_gets(terms, rule, program)]
        if terms and rule
        else [],
        # The page of a member's own link offers all of them; there is nothing to switch.
        "social_settings": {"twitter": True, "facebook": True, "email": True, "whatsapp": True},
        "customer_account_required": terms.needs_account if terms else False,
    }


def _friend_gets(terms: ReferralTerms, program: Program) -> list[dict[str, Any]]:
    if terms.friend_gets == kind.NOTHING:
        return []
    name = terms.offer(program.currency, whose="the", points=program.in_points(terms.friend_points))
    return [_referral_reward(name, terms.friend_gets, "referred_customer")]


def _advocate_gets(terms: ReferralTerms, rule: EarningRule, program: Program) -> list[dict[str, Any]]:
    if terms.advocate_gets == kind.POINTS:
        return [_referral_reward(program.in_points(rule.points), kind.POINTS, "referring_customer")]
    reward = rewards().filter(public_id=terms.advocate_reward).first()
    return [_referral_reward(reward.name, reward.discount_type, "referring_customer")] if reward else []


def _referral_reward(name: str, discount_type: str, reward_type: str) -> dict[str, Any]:
    return {"name": name, "discount_type": SPELLED.get(discount_type, discount_type), "reward_type": reward_type}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
