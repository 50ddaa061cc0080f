"""Between the form of a reward and its terms, and both in words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.programs.calendar import midnight
from loyalty.rewards.countries import code_of, name_of
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import RewardTerms
from shopify_app.dashboard.reward_forms import FIXED, PERCENT, RewardForm
from shopify_app.dashboard.templatetags.encore import plain

_Kind = Reward.DiscountType
COMBINATIONS = {"product": "product", "order": "order", "shipping": "shipping"}


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
        countries=_countries(data["countries"]) if kind == _Kind.FREE_SHIPPING else (),
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
    amount = plain(reward.discount_amount)
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
        "amount_per_point": plain(reward.amount_per_point),
        "maximum_shipping": plain(reward.maximum_shipping),
        "countries": ", ".join(map(name_of, reward.countries)),
        "variants": _numbers(reward.variant_gids),
        "minimum_spend": plain(reward.minimum_spend),
        "applies_to_ids": _numbers(reward.applies_to_gids),
        "limit_period": reward.limit_period or "month",
        "tier": reward.tier.public_id if reward.tier else "",
        "starts_on": reward.starts_at.astimezone(zone).date() if reward.starts_at else None,
        "ends_on": last.astimezone(zone).date() if last else None,
        "description": reward.description or "",
    }


def gives(kind: str, amount: str, currency: str) -> str:
    """What it gives, in words; `amount` is money or percent, with an ellipsis where there is none yet."""
    said = amount or "…"
    words: dict[str, str] = {
        _Kind.FIXED_AMOUNT: f"{said} {currency} off",
        _Kind.PERCENTAGE: f"{said}% off",
        _Kind.FREE_PRODUCT: "A free product",
        _Kind.STORE_CREDIT: f"{said} {currency} of store credit",
    }
    return words.get(kind, "Free shipping")


def who(reward: Reward) -> str:
    """Who may buy it, in words."""
    if reward.tier is None:
        return "Everyone"
    return f"{reward.tier.name} members{' and above' if reward.tier_and_above else ''}"


def limits(reward: Reward) -> str:
    """How often it may be bought, in words."""
    said = [f"{reward.max_redemptions}× per customer"] if reward.max_redemptions else []
    if reward.period_limit:
        said.append(f"{reward.period_limit}× per customer {reward.get_limit_period_display()}")
    said += [f"{reward.total_limit}× in total"] if reward.total_limit else []
    return ", ".join(said) or "No limit"


def summary(form: RewardForm, currency: str) -> list[str]:
    """The form as sentences, for the aside; what belongs to another kind is not said."""

    def value(name: str) -> str:
        given = form[name].value()
        return "" if given is None or given is False else str(given)

    kind = value("discount_type")
    kind = kind if kind in _Kind.values else FIXED
    flexible = kind in (FIXED, _Kind.STORE_CREDIT) and value("redemption_type") == "flexible"
    if flexible:
        each = f"{value('amount_per_point') or '…'} {currency} for each point"
        what = "off" if kind == FIXED else "of store credit"
        lines = [f"{each} {what}, from {value('points_cost') or '…'} to {value('max_points') or '…'} points"]
    else:
        amount = value("percent") if kind == PERCENT else value("amount")
        cost = value("points_cost")
        lines = [gives(kind, amount, currency), "given, not bought" if cost == "0" else f"for {cost or '…'} points"]
    if kind == _Kind.FREE_SHIPPING and value("countries"):
        named = [name_of(code) for code in _countries(value("countries"))]
        lines.append(f"to {', '.join([*named, *(['the rest of the world'] if value('rest_of_world') else [])])}")
    if kind == _Kind.STORE_CREDIT:
        lines.append("on the customer's account in the shop, to be spent with a new customer account; there is no code")
    else:
        lines += [f"on orders of {value('minimum_spend')} {currency} or more"] if value("minimum_spend") else []
        lines.append(combinations([name for name in COMBINATIONS if form[f"combines_with_{name}"].value()]))
    days, what = value("expiry_days"), "the credit" if kind == _Kind.STORE_CREDIT else "the code"
    lines.append(f"{what} works for {days} days" if days else f"{what} never expires")
    times = value("max_redemptions")
    if value("points_cost") != "0":
        lines.append(f"at most {times} times per customer" if times else "as often as there are points")
    if value("total_limit"):
        lines.append(f"at most {value('total_limit')} times in total")
    if value("tier"):
        names = dict(form.fields["tier"].choices)  # type: ignore[attr-defined]  # a ChoiceField
        above = " and above" if form["tier_and_above"].value() else ""
        lines.append(f"for {names.get(value('tier'), 'one tier')}{above} only")
    return lines


def combinations(names: list[str]) -> str:
    """Which other discounts a code may be used with, in words."""
    if not names:
        return "can't be combined with any other discount"
    said = [COMBINATIONS[name] for name in names]
    joined = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"can be combined with {joined} discounts"


def _countries(text: str) -> tuple[str, ...]:
    """Countries by code or name; what is none is passed on, for the operation to refuse by name."""
    words = [word.strip() for word in re.split(r"[,;\n]+", text) if word.strip()]
    return tuple(code_of(word) or word for word in words)


def _gids(text: str, kind: str) -> tuple[str, ...]:
    """Ids written as numbers or gids; a wrong one is passed on, for the operation to refuse by name."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    return tuple(f"gid://shopify/{kind}/{word}" if word.isdecimal() else word for word in words)


def _numbers(gids: list[str]) -> str:
    return ", ".join(gid.rsplit("/", 1)[-1] for gid in gids)
