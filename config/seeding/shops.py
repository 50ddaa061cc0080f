"""Building one shop from its setup: in the sandbox, installed for real, then filled without announcing anything."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django_scopes import scope

from config.seeding import customers, sandbox
from config.seeding.opening import opened
from loyalty.campaigns.models import Campaign, CampaignModifier
from loyalty.earning.kinds import category_of
from loyalty.earning.models import EarningRule
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key, revoke_api_key
from loyalty.public_ids import new_public_id
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import create_tier

ACTIVE_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
"""Seeded rules count as active since then."""
WEBHOOK_PATH = "/webhooks/orders"


@dataclass
class Seeded:
    """A shop being filled: what its setup's own ids became."""

    program: Program
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, Tier] = field(default_factory=dict)
    rules: dict[str, EarningRule] = field(default_factory=dict)
    rewards: dict[str, Reward] = field(default_factory=dict)


def new_domain() -> str:
    """Returns a domain nobody has."""
    return f"seed-{secrets.token_hex(6)}.myshopify.com"


def store_of(domain: str, setup: dict[str, Any]) -> dict[str, Any]:
    """Returns the store as the sandbox is to know it: its members and the other customers."""
    program = setup.get("program", {})
    known = [
        {
            "id": str(one["shopify_customer_id"]), "email": one.get("email"), "first_name": one.get("first_name"),
            "last_name": one.get("last_name"), "created_at": "2024-01-01T00:00:00.000Z",
        }
        for one in setup.get("customers", [])
    ]  # fmt: skip
    return {
        "domain": domain,
        "name": domain.partition(".")[0],
        "plan": {"self_hosted": "growth", "none": ""}.get(plan := program.get("plan", "growth"), plan),
        "currency": program.get("currency", "USD"),
        "timezone": program.get("time_zone", "UTC"),
        "customers": known + setup.get("shopify", {}).get("customers", []),
    }


def build(domain: str, setup: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Installs and fills one shop whose store is in the sandbox, and returns what a test needs of it."""
    program = opened(domain, now=now)
    rate = int(setup.get("program", {}).get("requests_per_second", 6))
    _set_up(program, setup, now)
    with scope(program=program):
        seeded = Seeded(program=program, now=now)
        _tiers(seeded, setup)
        _rules(seeded, setup)
        _campaigns(seeded, setup)
        _rewards(seeded, setup)
        customers.fill(seeded, setup.get("customers", []))
        subscription_secrets = _subscriptions(seeded, setup)
        keys = _keys(seeded, setup, rate)
    if setup.get("shopify", {}).get("down"):
        sandbox.set_faults(domain, {"down": True})
    return {
        "shop": domain,
        "currency": program.currency,
        "client_secret": settings.SHOPIFY_CLIENT_SECRETS[0],
        "webhook_path": WEBHOOK_PATH,
        "keys": keys,
        "ids": seeded.ids,
        "subscription_secrets": subscription_secrets,
    }


def _set_up(program: Program, setup: dict[str, Any], now: datetime) -> None:
    for name, value in setup.get("program", {}).items():
        if name != "requests_per_second":
            setattr(program, name, value)
    test_mode = setup.get("test_mode", {})
    program.test_mode = Program.TestMode.RESTRICT if test_mode.get("enabled") else Program.TestMode.OFF
    program.test_mode_emails = sorted({email.strip().lower() for email in test_mode.get("emails", [])})
    program.updated_at = now
    program.save()


def _tiers(seeded: Seeded, setup: dict[str, Any]) -> None:
    for given in setup.get("tiers", []):
        tier = create_tier(
            program=seeded.program, name=given["name"], threshold=int(given.get("points_required", 0)),
            multiplier=Decimal(str(given.get("points_multiplier", 1))), badge_color=given.get("badge_color"),
            description=given.get("description"), now=ACTIVE_SINCE,
        )  # fmt: skip
        seeded.tiers[given["name"]] = tier
        seeded.ids[given["id"]] = tier.public_id


def _rules(seeded: Seeded, setup: dict[str, Any]) -> None:
    for number, given in enumerate(setup.get("rules", [])):
        action = given["action"]
        created = seeded.now - timedelta(days=1) + timedelta(seconds=number)
        # Rows, not `create_rule`: a setup may hold rules of every category, and those of today's operations only earn.
        rule = EarningRule.objects.create(
            program=seeded.program, public_id=new_public_id("rule"), name=given["name"], action=action,
            category=given.get("category", category_of(action)), is_active=given.get("is_active", True),
            points=int(given.get("points_to_give", 0)), approval_days=int(given.get("approval_time", 0)),
            frequency=given.get("frequency", "unlimited" if action == "custom" else "once"),
            action_key=given.get("action_key"), activated_at=ACTIVE_SINCE, created_at=created, updated_at=created,
        )  # fmt: skip
        seeded.rules[given["id"]] = rule
        seeded.ids[given["id"]] = rule.public_id


def _campaigns(seeded: Seeded, setup: dict[str, Any]) -> None:
    for number, given in enumerate(setup.get("campaigns", [])):
        campaign = Campaign.objects.create(
            program=seeded.program, public_id=new_public_id("camp"), name=given.get("name", f"Campaign {number + 1}"),
            is_active=given.get("active", True), starts_at=ACTIVE_SINCE, created_at=seeded.now, updated_at=seeded.now,
        )  # fmt: skip
        if "id" in given:
            seeded.ids[given["id"]] = campaign.public_id
        for rule_id, multiplier in given.get("multipliers", {}).items():
            CampaignModifier.objects.create(
                program=seeded.program, campaign=campaign, earning_rule_id=seeded.rules[rule_id].pk,
                multiplier=Decimal(str(multiplier)),
            )  # fmt: skip


def _rewards(seeded: Seeded, setup: dict[str, Any]) -> None:
    for number, given in enumerate(setup.get("rewards", [])):
        created = seeded.now - timedelta(days=1) + timedelta(seconds=number)
        amount, minimum = given.get("discount_amount"), given.get("minimum_spend")
        reward = Reward.objects.create(
            program=seeded.program, public_id=new_public_id("reward"), name=given["name"],
            description=given.get("description"), discount_type=given["discount_type"],
            reward_type=given.get("reward_type", "discount"), points_cost=int(given["points_cost"]),
            discount_amount=Decimal(str(amount)) if amount is not None else None,
            minimum_spend=Decimal(str(minimum)) if minimum is not None else None,
            is_active=given.get("is_active", True), max_redemptions=given.get("max_redemptions"),
            expiry_days=given.get("expiry_days"), created_at=created, updated_at=created,
            tier=seeded.tiers[given["vip_tier"]] if given.get("vip_tier") else None,
        )  # fmt: skip
        seeded.rewards[given["id"]] = reward
        seeded.ids[given["id"]] = reward.public_id


def _subscriptions(seeded: Seeded, setup: dict[str, Any]) -> list[str]:
    shown = []
    for given in setup.get("subscriptions", []):
        made, secret = create_subscription(
            program=seeded.program, url=given["url"], events=given["events"], description=given.get("description"),
            now=seeded.now,
        )  # fmt: skip
        WebhookSubscription.objects.filter(pk=made.pk).update(is_active=given.get("is_active", True))
        shown.append(secret)
    return shown


def _keys(seeded: Seeded, setup: dict[str, Any], rate: int) -> dict[str, str]:
    wanted = setup.get("keys", [])
    make = partial(create_api_key, program=seeded.program, now=seeded.now, requests_per_second=rate)
    _, full = make(name="Full", scope="full")
    _, read_only = make(name="Read only", scope="read_only")
    keys = {"FULL_KEY": full, "RO_KEY": read_only}
    if "revoked" in wanted:
        revoked, keys["REVOKED_KEY"] = make(name="Revoked", scope="full")
        revoke_api_key(key_id=revoked.pk, now=seeded.now)
    if "other_shop" in wanted:
        domain = new_domain()
        sandbox.put_stores([store_of(domain, {})])
        other = opened(domain, now=seeded.now)
        with scope(program=other):
            _, keys["OTHER_SHOP_KEY"] = create_api_key(program=other, name="Other", scope="full", now=seeded.now)
    return keys
