"""The demo shop's programme: its ladder, ways to earn, rewards and campaigns."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from config.seeding.demo_orders import COLLECTIONS
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning import operations as earning
from loyalty.earning.models import EarningRule
from loyalty.programs.models import Program
from loyalty.rewards import operations as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import create_tier
from loyalty.tiers.queries import ladder


def make_rules(program: Program, at: datetime) -> dict[str, EarningRule]:
    """The ladder and the ways to earn."""
    for name, threshold, multiplier, color in (
        ("Seedling", 0, "1", "#7A8B6F"), ("Sapling", 900, "1.25", "#3E7C59"), ("Evergreen", 2500, "1.5", "#B8862B"),
    ):  # fmt: skip
        create_tier(
            program=program, name=name, threshold=threshold, multiplier=Decimal(multiplier), badge_color=color, now=at
        )
    terms = earning.RuleTerms
    wanted = {
        "order": ("place_order", terms("Placed an order", 3, "unlimited", options={"cap_points": 1500})),
        "birthday": ("birthday", terms("Happy birthday", 150)),
        "store_visit": ("custom", terms("Visited our store", 25, "unlimited", action_key="store_visit")),
        "workshop": ("custom", terms("Joined a workshop", 150, "unlimited", action_key="workshop_attended")),
        "repotting": ("custom", terms("Booked a repotting", 80, "unlimited", 7, action_key="repotting_booked")),
        "signup": ("signup", terms("Created an account", 100)),
        "instagram": ("follow_on_instagram", terms("Follow us on Instagram", 50)),
        "newsletter": ("newsletter_signup", terms("Sign up for the newsletter", 50)),
        "survey": ("survey", terms("Tell us about your garden", 40, approval_days=3)),
        "referral": ("referral", terms("Refer a friend", 400, approval_days=14)),
        "pinterest": ("follow_on_pinterest", terms("Follow us on Pinterest", 30, is_active=False)),
    }
    return {
        key: earning.create_rule(program=program, action=action, terms=given, now=at - timedelta(minutes=number))
        for number, (key, (action, given)) in enumerate(wanted.items())
    }


def make_rewards(program: Program, at: datetime) -> list[Reward]:
    """What points buy, the cheapest not first."""
    evergreen = _tier("Evergreen")
    terms = rewards.RewardTerms
    wanted = [
        terms("$5 off your order", "fixed_amount", 300, Decimal(5), minimum_spend=Decimal(25), expiry_days=90),
        terms("10% off everything", "percentage", 450, Decimal(10), expiry_days=60),
        terms("Free shipping", "free_shipping", 200, minimum_spend=Decimal(15), expiry_days=60),
        terms("Evergreen thank-you: $15 off", "fixed_amount", 500, Decimal(15), max_redemptions=2, tier=evergreen),
    ]
    return [
        rewards.create_reward(program=program, terms=given, now=at + timedelta(minutes=number))
        for number, given in enumerate(wanted)
    ]


def _tier(name: str) -> Tier:
    """Returns the tier of that name in the programme in scope."""
    return ladder().get(name=name)


def make_campaigns(program: Program, rules: dict[str, EarningRule], now: datetime) -> None:
    """One that is over, one that runs, one with a budget, one for what is in a collection."""
    indoor = COLLECTIONS[0][0]
    today = now.astimezone(program.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for name, starts, ends, changed, budget, collections in (
        ("Spring workshops, double points", 150, 120, {"workshop": Modifier(Decimal(2))}, None, ()),
        ("November store visits, double points", 12, -10, {"store_visit": Modifier(Decimal(2))}, None, ()),
        ("Planting weeks: 1.5× on orders", 60, 39, {"order": Modifier(Decimal("1.5"))}, 8_000, ()),
        ("Green rooms: double points on indoor plants", 6, -21, {"order": Modifier(Decimal(2))}, None, (indoor,)),
    ):
        terms = CampaignTerms(
            name=name, starts_at=today - timedelta(days=starts), ends_at=today - timedelta(days=ends), budget_points=budget,
            modifiers={rules[key].pk: modifier for key, modifier in changed.items()}, collection_ids=collections,
        )  # fmt: skip
        create_campaign(program=program, terms=terms, now=now - timedelta(days=starts))
