"""What an activity earns, and why: pure and total.

`evaluate` never raises and never reads anything: the same facts give the same answer, so an award can be explained,
replayed and tried out. The result says of each step what it did.

Source: programme-rules facts, sections 1 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from loyalty.points import ONE, multiply


class Skip(StrEnum):
    """Why an activity earns nothing although nothing is wrong."""

    PROGRAM_DISABLED = "program_disabled"
    TEST_MODE = "test_mode"
    ZERO_POINTS = "zero_points"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The rule as it stands: points per award (0 or more), days of approval delay (0 is at once)."""

    id: int
    public_id: str
    name: str
    version: int
    action: str
    category: str
    points: int
    approval_days: int
    frequency: str


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The member as they stand: their tier's name and multiplier, None without a tier."""

    id: int
    email: str | None
    tier_id: int | None
    tier_name: str | None
    tier_multiplier: Decimal


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign's modifier of this rule; active at `t` when starts_at ≤ t < ends_at (None is open)."""

    id: int
    name: str
    multiplier: Decimal
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What the programme's settings say about earning."""

    is_enabled: bool
    tiers_multiply_everything: bool
    restricted_to: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an activity earns.

    Attributes:
        points: Whole points, 0 when skipped.
        base: Points before multipliers.
        multiplier: The combined multiplier, tier × campaign.
        due_at: When the points become spendable by themselves; None is at once.
        skip: Why nothing is earned, or None.
        breakdown: Everything behind the figure, as it is stored with the award.
    """

    points: int
    base: Decimal
    multiplier: Decimal
    due_at: datetime | None
    skip: Skip | None
    breakdown: dict[str, Any]


def evaluate(
    *,
    rule: RuleFacts,
    member: MemberFacts,
    program: ProgramFacts,
    campaigns: tuple[CampaignFacts, ...],
    occurred_at: datetime,
    now: datetime,
    stated_points: int | None = None,
) -> Evaluation:
    """Returns what the activity earns by `rule`: floor(base × tier multiplier × campaign multiplier).

    Args:
        occurred_at: The moment of the activity, by which campaigns are judged.
        now: The moment of the award, from which the approval delay counts (days × 24 h).
        stated_points: Points the caller stated in place of the rule's, where that was allowed.
    """
    base = Decimal(rule.points if stated_points is None else stated_points)
    tier_applies = program.tiers_multiply_everything or rule.category == "purchase"
    tier = member.tier_multiplier if tier_applies and member.tier_id is not None else ONE
    winner = best_campaign(campaigns, occurred_at)
    campaign = winner.multiplier if winner else ONE
    points = multiply(base, tier, campaign)
    skip = _skip_reason(member=member, program=program, points=points)
    breakdown: dict[str, Any] = {
        "rule": {"id": rule.public_id, "name": rule.name, "version": rule.version},
        "base": str(base),
        "base_from": "caller" if stated_points is not None else "rule",
        "tier": {"name": member.tier_name, "multiplier": str(member.tier_multiplier), "applies": tier_applies},
        "campaign": {"name": winner.name, "multiplier": str(winner.multiplier)} if winner else None,
        "campaigns_passed_over": [other.name for other in campaigns if other is not winner],
        "rounding": "down, once, at the end",
        "points": points,
    }
    return Evaluation(
        points=0 if skip else points,
        base=base,
        multiplier=tier * campaign,
        due_at=now + timedelta(days=rule.approval_days) if rule.approval_days else None,
        skip=skip,
        breakdown=breakdown,
    )


def best_campaign(campaigns: tuple[CampaignFacts, ...], at: datetime) -> CampaignFacts | None:
    """Returns the campaign with the highest multiplier at an instant: campaigns never stack on each other."""
    active = [c for c in campaigns if c.starts_at <= at and (c.ends_at is None or at < c.ends_at)]
    return max(active, key=lambda campaign: (campaign.multiplier, -campaign.id), default=None)


def _skip_reason(*, member: MemberFacts, program: ProgramFacts, points: int) -> Skip | None:
    if not program.is_enabled:
        return Skip.PROGRAM_DISABLED
    if program.restricted_to is not None and (member.email or "") not in program.restricted_to:
        return Skip.TEST_MODE
    return Skip.ZERO_POINTS if points == 0 else None
