"""What an activity earns, and why: pure and total.

`evaluate` never raises and never reads anything: the same facts give the same answer, so an award can be explained,
replayed and tried out. The result says of each step what it did.

Source: programme-rules facts, sections 1 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from loyalty.earning.limits import Limit
from loyalty.points import ONE, multiply


class Skip(StrEnum):
    """Why an activity earns nothing although nothing is wrong."""

    PROGRAM_DISABLED = "program_disabled"
    TEST_MODE = "test_mode"
    ZERO_POINTS = "zero_points"
    NOT_ELIGIBLE = "not_eligible"


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
    limit: Limit | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The member as they stand: their tier's name and multiplier, None without a tier; their tags in the shop."""

    id: int
    email: str | None
    tier_id: int | None
    tier_name: str | None
    tier_multiplier: Decimal
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign's modifier of this rule; active at `t` when starts_at ≤ t < ends_at (None is open).

    Attributes:
        extra_points: Whole points added after the floor, never multiplied.
        tier_ids: Tiers it is for; empty is everybody.
        tags: Customer tags it is for (any of them, ignoring case); empty is everybody.
        product_ids, collection_ids, product_tags: What it is for: products and collections by Shopify id, tags of
            products ignoring case. All empty is everything; else it counts for the lines of an order that one of the
            three names.
        budget: Whole points it may still give beyond what the rule gives without it; None is any number.
    """

    id: int
    name: str
    multiplier: Decimal
    starts_at: datetime
    ends_at: datetime | None
    extra_points: int = 0
    tier_ids: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    product_ids: frozenset[int] = frozenset()
    collection_ids: frozenset[int] = frozenset()
    product_tags: frozenset[str] = frozenset()
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what happened that a campaign may single out: a line of an order. `base` is in points, exact.

    Its product's collections and tags are told as far as a rule or campaign names any.
    """

    base: Decimal
    product_id: int | None = None
    collection_ids: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()


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
        multiplier: The combined multiplier, tier × campaign; over lines that differ, the weighted one.
        due_at: When the points become spendable by themselves; None is at once.
        skip: Why nothing is earned, or None.
        breakdown: Everything behind the figure, as it is stored with the award.
        campaign_id: The campaign whose budget pays, when the award draws on a limited one.
        campaign_points: What it draws: the points beyond what the rule gives without campaigns.
    """

    points: int
    base: Decimal
    multiplier: Decimal
    due_at: datetime | None
    skip: Skip | None
    breakdown: dict[str, Any]
    campaign_id: int | None = None
    campaign_points: int = 0


def evaluate(
    *,
    rule: RuleFacts,
    member: MemberFacts,
    program: ProgramFacts,
    campaigns: tuple[CampaignFacts, ...],
    occurred_at: datetime,
    now: datetime,
    stated_points: int | None = None,
    parts: Sequence[Part] | None = None,
    is_approved: bool = False,
) -> Evaluation:
    """Returns what the activity earns by `rule`: floor(Σ base × campaign multiplier × tier multiplier) + extra points.

    Args:
        occurred_at: The moment of the activity, by which campaigns are judged.
        now: The moment of the award, from which the approval delay counts (days × 24 h).
        stated_points: Points the caller stated in place of the rule's, where that was allowed.
        parts: What the base is made of, where campaigns may tell parts apart; None is the rule's points as one.
        is_approved: The points need not wait, whatever the rule's approval time.
    """
    whole = Decimal(rule.points if stated_points is None else stated_points)
    parts = (Part(whole),) if parts is None else parts
    base = sum((part.base for part in parts), Decimal(0))
    tier_applies = program.tiers_multiply_everything or rule.category == "purchase"
    tier = member.tier_multiplier if tier_applies and member.tier_id is not None else ONE
    candidates = tuple(each for each in campaigns if _is_for(each, member, occurred_at))
    choice = _choose(candidates, parts, base, tier)
    skip = _skip_reason(member=member, program=program, points=choice.points)
    cap = rule.options.get("cap_points")
    points = min(choice.points, int(cap)) if cap else choice.points
    breakdown: dict[str, Any] = {
        "rule": {"id": rule.public_id, "name": rule.name, "version": rule.version},
        "base": str(base),
        "base_from": "caller" if stated_points is not None else "rule",
        "tier": {"name": member.tier_name, "multiplier": str(member.tier_multiplier), "applies": tier_applies},
        **choice.explanation(candidates),
        "rounding": "down, once, at the end",
        "points": points,
        **({"capped_from": choice.points} if points < choice.points else {}),
    }
    pays = choice.limited
    return Evaluation(
        points=0 if skip else points,
        base=base,
        multiplier=tier * choice.campaign_multiplier,
        due_at=now + timedelta(days=rule.approval_days) if rule.approval_days and not is_approved else None,
        skip=skip,
        breakdown=breakdown,
        campaign_id=pays.id if pays and not skip else None,
        campaign_points=max(0, points - choice.without) if pays and not skip else 0,
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which campaign multiplies which part, and what that comes to.

    `points` is what the member gets, `without` what the rule gives without any campaign.
    """

    points: int
    without: int
    campaign_multiplier: Decimal
    winners: tuple[CampaignFacts | None, ...]
    extra: CampaignFacts | None

    @property
    def limited(self) -> CampaignFacts | None:
        """The campaign with a budget that takes part; the narrowest budget where there are several."""
        drawn = [each for each in (*self.winners, self.extra) if each is not None and each.budget is not None]
        return min(drawn, key=lambda each: (each.budget or 0, each.id), default=None)

    def explanation(self, candidates: tuple[CampaignFacts, ...]) -> dict[str, Any]:
        """What the breakdown says of campaigns; `id` is for counting them and is told to nobody."""
        named = {each.id: each for each in self.winners if each is not None and each.multiplier != ONE}
        first = next(iter(named.values()), None)
        used = {*named, *((self.extra.id,) if self.extra else ())}
        uniform = len({each.id if each else None for each in self.winners}) <= 1
        told: dict[str, Any] = {
            "campaign": _multiplied(first) if first and uniform else None,
            "campaigns_passed_over": [other.name for other in candidates if other.id not in used],
        }
        if named and not uniform:
            told["lines"] = [
                {"id": each.id, "campaign": each.name, "multiplier": str(each.multiplier)} if each else None
                for each in self.winners
            ]
        if self.extra:
            told["extra"] = {"id": self.extra.id, "name": self.extra.name, "points": self.extra.extra_points}
        return told


def _multiplied(campaign: CampaignFacts) -> dict[str, Any]:
    return {"id": campaign.id, "name": campaign.name, "multiplier": str(campaign.multiplier)}


def _choose(candidates: tuple[CampaignFacts, ...], parts: Sequence[Part], base: Decimal, tier: Decimal) -> _Choice:
    """Picks for each part the highest multiplier, and over all the highest extra; a budget that is not enough is none.

    A campaign whose budget can't pay its part of this award is over: the award is chosen again without it.
    """
    without = multiply(base, tier)
    while True:
        winners = tuple(_winner(candidates, part) for part in parts)
        weighted = sum(
            (part.base * (won.multiplier if won else ONE) for part, won in zip(parts, winners, strict=True)), Decimal(0)
        )
        extra = max(
            (each for each in candidates if each.extra_points and _covers(each, parts)),
            key=lambda each: (each.extra_points, -each.id),
            default=None,
        )
        points = multiply(weighted, tier) + (extra.extra_points if extra else 0)
        choice = _Choice(
            points=points, without=without, campaign_multiplier=weighted / base if base else ONE, winners=winners,
            extra=extra,
        )  # fmt: skip
        limited = choice.limited
        if limited is None or limited.budget is None or points - without <= limited.budget:
            return choice
        candidates = tuple(each for each in candidates if each.id != limited.id)


def _is_for(campaign: CampaignFacts, member: MemberFacts, at: datetime) -> bool:
    """Whether a campaign runs at an instant, and is for this member."""
    runs = campaign.starts_at <= at and (campaign.ends_at is None or at < campaign.ends_at)
    tier_fits = not campaign.tier_ids or member.tier_id in campaign.tier_ids
    return runs and tier_fits and (not campaign.tags or shares_a_tag(campaign.tags, member.tags))


def shares_a_tag(some: Iterable[str], others: Iterable[str]) -> bool:
    """Returns whether two sets of tags have one in common, compared as the shop does: without regard to case."""
    return not {tag.casefold() for tag in some}.isdisjoint(tag.casefold() for tag in others)


def _winner(candidates: tuple[CampaignFacts, ...], part: Part) -> CampaignFacts | None:
    """The campaign with the highest multiplier for a part: campaigns never stack on each other."""
    fitting = [each for each in candidates if _fits(each, part)]
    return max(fitting, key=lambda campaign: (campaign.multiplier, -campaign.id), default=None)


def _fits(campaign: CampaignFacts, part: Part) -> bool:
    if not (campaign.product_ids or campaign.collection_ids or campaign.product_tags):
        return True
    is_named = part.product_id in campaign.product_ids or not campaign.collection_ids.isdisjoint(part.collection_ids)
    return is_named or shares_a_tag(campaign.product_tags, part.tags)


def _covers(campaign: CampaignFacts, parts: Sequence[Part]) -> bool:
    return any(_fits(campaign, part) for part in parts)


def _skip_reason(*, member: MemberFacts, program: ProgramFacts, points: int) -> Skip | None:
    if not program.is_enabled:
        return Skip.PROGRAM_DISABLED
    if program.restricted_to is not None and (member.email or "") not in program.restricted_to:
        return Skip.TEST_MODE
    return Skip.ZERO_POINTS if points == 0 else None
