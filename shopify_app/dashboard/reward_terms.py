"""Between the form of a reward and its terms."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.programs.calendar import midnight
from loyalty.rewards.countries import code_of, name_of
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import RewardTerms
from shopify_app.dashboard.reading import typed
from shopify_app.dashboard.reward_forms import FIXED, PERCENT, RewardForm

_Kind = Reward.DiscountType


def terms_of(form: RewardForm) -> RewardTerms:
    """The terms of a valid form; what its kind does not show has its usual value."""
    data, zone = form.cleaned_data, form.program.zone
    kind = data["discount_type"]
    worth_money = kind in (FIXED, _Kind.STORE_CREDIT)
    flexible = worth_money and data["redemption_type"] == Reward.RedemptionType.FLEXIBLE
    has_items = kind in (FIXED, PERCENT, _Kind.FREE_PRODUCT)
    applies_to = (data["applies_to"] if has_items else "") or Reward.AppliesTo.ALL
    item = "Collection" if applies_to == Reward.AppliesTo.COLLECTIONS else "Product"
    return RewardTerms(
        name=data["name"],
        discount_type=kind,
        points_cost=data["points_cost"],
        discount_amount=data["percent"] if kind == PERCENT else data["amount"] if worth_money else None,
        redemption_type=Reward.RedemptionType.FLEXIBLE if flexible else Reward.RedemptionType.FIXED,
        amount_per_point=data["amount_per_point"] if flexible else None,
        max_points=data["max_points"] if flexible else None,
        maximum_shipping=(data["maximum_shipping"] or None) if kind == _Kind.FREE_SHIPPING else None,
        countries=countries(data["countries"]) if kind == _Kind.FREE_SHIPPING else (),
        rest_of_world=data["rest_of_world"] and kind == _Kind.FREE_SHIPPING,
        variant_gids=_gids(data["variants"], "ProductVariant"),
        quantity=data["quantity"] if kind == _Kind.FREE_PRODUCT else None,
        minimum_spend=data["minimum_spend"],
        applies_to=applies_to,
        applies_to_gids=_gids(data["applies_to_ids"], item) if applies_to != Reward.AppliesTo.ALL else (),
        purchase_type=data["purchase_type"] or Reward.PurchaseType.ONE_TIME,
        combines_with_product=data["combines_with_product"],
        combines_with_order=data["combines_with_order"],
        combines_with_shipping=data["combines_with_shipping"] and kind != _Kind.FREE_SHIPPING,
        max_redemptions=data["max_redemptions"],
        total_limit=data["total_limit"],
        period_limit=data["period_limit"],
        limit_period=data["limit_period"] if data["period_limit"] else "",
        expiry_days=data["expiry_days"],
        reactivates_on_refund=data["reactivates_on_refund"],
        tier=form.tiers.get(data["tier"]),
        tier_and_above=data["tier_and_above"] and bool(data["tier"]),
        starts_at=midnight(data["starts_on"], zone=zone) if data["starts_on"] else None,
        ends_at=midnight(data["ends_on"] + timedelta(days=1), zone=zone) if data["ends_on"] else None,
        description=data["description"],
        is_active=data["is_active"],
    )


def initial_of(reward: Reward, zone: ZoneInfo) -> dict[str, Any]:
    """A stored reward as the form's first values."""
    amount = typed(reward.discount_amount)
    last = reward.ends_at - timedelta(microseconds=1) if reward.ends_at else None
    same = (
        "name", "discount_type", "redemption_type", "quantity", "points_cost", "max_points", "is_active", "applies_to",
        "purchase_type", "combines_with_product", "combines_with_order", "combines_with_shipping", "expiry_days",
        "reactivates_on_refund", "max_redemptions", "total_limit", "period_limit", "tier_and_above", "rest_of_world",
    )  # fmt: skip
    return {
        **{name: getattr(reward, name) for name in same},
        "amount": amount if reward.discount_type != PERCENT else "",
        "percent": amount if reward.discount_type == PERCENT else "",
        "amount_per_point": typed(reward.amount_per_point),
        "maximum_shipping": typed(reward.maximum_shipping),
        "countries": ", ".join(map(name_of, reward.countries)),
        "variants": _numbers(reward.variant_gids),
        "minimum_spend": typed(reward.minimum_spend),
        "applies_to_ids": _numbers(reward.applies_to_gids),
        "limit_period": reward.limit_period or "month",
        "tier": reward.tier.public_id if reward.tier else "",
        "starts_on": reward.starts_at.astimezone(zone).date() if reward.starts_at else None,
        "ends_on": last.astimezone(zone).date() if last else None,
        "description": reward.description or "",
    }


def countries(text: str) -> tuple[str, ...]:
    """Countries by code or name; what is none is passed on, for the operation to refuse by name."""
    words = [word.strip() for word in re.split(r"[,;\n]+", text) if word.strip()]
    return tuple(code_of(word) or word for word in words)


def _gids(text: str, kind: str) -> tuple[str, ...]:
    """Ids written as numbers or gids; a wrong one is passed on, for the operation to refuse by name."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    return tuple(f"gid://shopify/{kind}/{word}" if word.isdecimal() else word for word in words)


def _numbers(gids: list[str]) -> str:
    return ", ".join(gid.rsplit("/", 1)[-1] for gid in gids)
