"""What the loyalty panel says to anybody: how points are earned, what they buy, and which tiers there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from loyalty.earning.models import EarningRule
from loyalty.earning.queries import rules
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.rewards.offering import for_sale
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import ladder
from shopify_app.display import words
from shopify_app.display.models import Display

OURS = ("https://", "http://")
ICONS = {
    "place_order": "cart", "signup": "person", "birthday": "cake", "anniversary": "calendar", "referral": "people",
    "newsletter_signup": "mail", "sms_signup": "mail", "review": "star", "order_milestone": "star", "spend_milestone": "star",
    "fixed_amount": "coin", "store_credit": "coin", "percentage": "percent", "free_shipping": "truck", "free_product": "gift",
    "social": "heart",
}  # fmt: skip
"""The picture of a rule's action, else of its category, and of what a reward gives; the rest have a spark."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to earn, as a customer reads it; `is_done`: it gives nothing more."""

    title: str
    gives: str
    note: str
    url: str
    icon: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward as a customer reads it.

    Attributes:
        note: Its conditions, or why it is not to be had.
        state: `shown` to a guest; else `open`, `missing` points, `locked` to other tiers, `used` up, or `closed`.
        missing: How many points are missing, in words; empty: none.
        share: How far the balance reaches, 0 to 100.
    """

    public_id: str
    name: str
    price: str
    note: str
    icon: str
    state: str = "shown"
    missing: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A tier as a customer reads it; `is_own`: they stand on it. `color` is `#rrggbb` or empty."""

    name: str
    reached_by: str
    note: str
    color: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What the panel shows of the programme; a part that the merchant hides is empty."""

    welcome: str
    ways: list[Way]
    rewards: list[Offered]
    tiers: list[Step]


def shown_rules() -> QuerySet[EarningRule]:
    """Returns the rules that customers are meant to know of, in the merchant's order."""
    return rules().filter(is_active=True, is_hidden_on_storefront=False)


def ways(program: Program, *, done: Collection[int] | None = None) -> list[Way]:
    """Returns the ways to earn in the merchant's order: active ones that are not hidden from the shop.

    Args:
        done: Of a member: the numbers of rules that give them nothing more. Points for an account are named if they had them.
    """
    return [
        _way(rule, program, is_done=rule.pk in (done or ()))
        for rule in shown_rules()
        if done is None or rule.action != "signup" or rule.pk in done
    ]


def _way(rule: EarningRule, program: Program, *, is_done: bool) -> Way:
    url = rule.call_to_action_url or ""
    return Way(
        title=rule.customer_facing_label or rule.name,
        gives=words.earns(rule, program),
        note=words.condition(rule, program),
        url=url if url.startswith(OURS) else "",
        icon=ICONS.get(rule.action) or ICONS.get(rule.category, ""),
        is_done=is_done,
    )


def step(tier: Tier, program: Program, *, own: Tier | None = None) -> Step:
    """Returns a tier in words."""
    note = " · ".join(each for each in (words.multiplies(tier), tier.description or "") if each)
    is_own = own is not None and own.pk == tier.pk
    return Step(tier.name, words.reached_by(tier, program), note, tier.badge_color or "", is_own)


def note_of(reward: Reward, program: Program) -> str:
    """Returns a reward's conditions in one line: how much it is worth, whose it is, and its code's terms."""
    worth = words.rate(reward, program.currency) if reward.is_flexible else ""
    return " · ".join(
        each for each in (worth, words.whose(reward), words.terms(reward, program.currency)) if each
    )  # fmt: skip


def offered(reward: Reward, program: Program, **standing: Any) -> Offered:
    """Returns a reward in words; `standing` is what an `Offered` says of a member."""
    usual = {
        "public_id": reward.public_id,
        "name": reward.name,
        "price": words.price(reward, program),
        "note": note_of(reward, program),
        "icon": ICONS[reward.discount_type],
    }
    return Offered(**{**usual, **standing})


def offer_to_guest(*, program: Program, display: Display, language: str, now: datetime) -> Offer:
    """Returns what somebody reads who is not logged in, or no member."""
    return Offer(
        welcome=display.welcome.get(language, ""),
        ways=ways(program) if display.shows_earning else [],
        rewards=[offered(each, program) for each in for_sale(now=now)],
        tiers=[step(tier, program) for tier in ladder()] if display.shows_tiers else [],
    )
