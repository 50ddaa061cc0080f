"""The lists of the programme as files: rules, rewards, what was redeemed, campaigns, referrals, and points that wait.

Columns are English and stay as they are, for somebody's sheet or script reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.models import Campaign
from loyalty.earning import queries as earning
from loyalty.earning.models import Award, EarningRule
from loyalty.programs.models import Program
from loyalty.referrals import queries as referrals
from loyalty.referrals.models import Referral
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Redemption, Reward
from shopify_app.dashboard.approval_filters import asked_of
from shopify_app.dashboard.exporting import Cell, Table
from shopify_app.dashboard.reading import typed
from shopify_app.dashboard.referral_filters import of_state

Line = Callable[[Any], Sequence[Cell]]


def rule_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns every earning rule in the merchant's order."""
    columns = (
        "id", "name", "action", "action_key", "points", "frequency", "limit_count", "limit_window", "limit_days", "approval_days",
        "is_active", "created_at",
    )  # fmt: skip

    def line(rule: EarningRule) -> Sequence[Cell]:
        return (
            rule.public_id, rule.name, rule.action, rule.action_key, rule.points, rule.frequency, rule.limit_count,
            rule.limit_window, rule.limit_days, rule.approval_days, rule.is_active, rule.created_at,
        )  # fmt: skip

    return _table("earning-rules", columns, earning.rules(), line)


def reward_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns every reward in the merchant's order."""
    columns = (
        "id", "name", "discount_type", "points_cost", "max_points", "amount", "amount_per_point", "minimum_spend", "tier",
        "expiry_days", "starts_at", "ends_at", "is_active", "created_at",
    )  # fmt: skip

    def line(reward: Reward) -> Sequence[Cell]:
        return (
            reward.public_id, reward.name, reward.discount_type, reward.points_cost, reward.max_points,
            typed(reward.discount_amount), typed(reward.amount_per_point), typed(reward.minimum_spend),
            reward.tier.name if reward.tier else None, reward.expiry_days, reward.starts_at, reward.ends_at, reward.is_active,
            reward.created_at,
        )  # fmt: skip

    return _table("rewards", columns, rewards.rewards(), line)


def redemption_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns every reward that a member has bought or was given, newest first, with its code."""
    columns = (
        "id", "at", "reward", "state", "points_spent", "code", "expires_at", "used_at", "order_number", "is_refunded",
        "shopify_customer_id", "email", "name", "is_test",
    )  # fmt: skip

    def line(bought: Redemption) -> Sequence[Cell]:
        member = bought.member
        return (
            bought.public_id, bought.created_at, bought.reward.name if bought.reward else None, bought.state,
            bought.points_spent, bought.code, bought.expires_at, bought.used_at, bought.order_number, bought.is_refunded,
            member.shopify_customer_id, member.email, member.display_name, bought.is_test,
        )  # fmt: skip

    return _table("redemptions", columns, rewards.redemptions().select_related("member"), line)


def campaign_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns every campaign, newest first."""
    columns = ("id", "name", "starts_at", "ends_at", "is_active", "budget_points", "spent_points", "created_at")

    def line(campaign: Campaign) -> Sequence[Cell]:
        return (
            campaign.public_id, campaign.name, campaign.starts_at, campaign.ends_at, campaign.is_active,
            campaign.budget_points, campaign.spent_points, campaign.created_at,
        )  # fmt: skip

    return _table("campaigns", columns, campaigns.campaigns(), line)


def referral_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the referrals of the state that the list shows, newest first."""
    columns = (
        "id", "accepted_at", "state", "friend_email", "advocate_customer_id", "advocate_email", "code", "order", "expires_at",
        "completed_at", "ended_for", "decision", "decided_by", "is_test",
    )  # fmt: skip

    def line(each: Referral) -> Sequence[Cell]:
        return (
            each.public_id, each.claimed_at, each.state, each.friend_email, each.advocate.shopify_customer_id,
            each.advocate.email, each.code, each.order_name, each.expires_at, each.completed_at, each.ended_for, each.decision,
            each.decided_by, each.is_test,
        )  # fmt: skip

    return _table("referrals", columns, of_state(referrals.referrals(), query.get("state", ""))[0], line)


def approval_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the awards that wait, as the list's filters show them, the next due first."""
    columns = (
        "id", "rule", "action", "points", "earned_at", "due_at", "shopify_customer_id", "email", "name", "is_test",
    )  # fmt: skip

    def line(award: Award) -> Sequence[Cell]:
        member = award.member
        return (
            award.public_id, award.rule.name if award.rule else None, award.action, award.points, award.created_at,
            award.due_at, member.shopify_customer_id, member.email, member.display_name, award.is_test,
        )  # fmt: skip

    asked = asked_of(query)
    return _table("approvals", columns, earning.waiting(rule=asked.rule, member_id=asked.member_id), line)


def _table(name: str, columns: Sequence[str], found: QuerySet[Any], line: Line) -> Table:
    return Table(name, columns, found, lambda some: [line(each) for each in some])
