"""What a back-test judges, as values: past orders, and what earns on each of its two sides. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from loyalty.earning.evaluation import CampaignFacts, MemberFacts, ProgramFacts, RuleFacts
from loyalty.earning.purchase import Purchase, needs_of
from loyalty.orders.products import Needs
from loyalty.points import ONE


class Unjudged(StrEnum):
    """Why an order is left out of the sums of both sides: something it needs is not known, and nothing is guessed."""

    PRODUCTS = "products"
    AUDIENCE = "audience"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Person:
    """The member an order is of, as they stand today; `tier_since` is when they reached their tier."""

    id: int
    tags: frozenset[str] = frozenset()
    tier_id: int | None = None
    tier_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order that counts: paid, no test, neither cancelled nor wholly given back. Money in the smallest unit.

    Attributes:
        refunds_minor: What was given back of it, refund by refund.
        person: Whose it is; None when that is nobody who takes part.
    """

    id: int
    placed_at: datetime
    total_minor: int
    purchase: Purchase
    person: Person | None
    is_fulfilled: bool = False
    refunds_minor: tuple[int, ...] = ()

    @property
    def product_ids(self) -> set[int]:
        """The products sold; a line made by hand has none."""
        return {line["product_id"] for line in self.purchase.lines if line.get("product_id") is not None}


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier as a side has it: its name, and the factor on earned points."""

    name: str
    multiplier: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Earning:
    """A rule for orders, and the campaigns that change it."""

    rule: RuleFacts
    campaigns: tuple[CampaignFacts, ...] = ()

    @property
    def has_budget(self) -> bool:
        """Whether what an order earns depends on what others drew before it."""
        return any(each.budget is not None for each in self.campaigns)

    def is_due(self, order: PastOrder) -> bool:
        """Whether the order has come as far as the rule waits for."""
        return self.rule.options.get("when") != "fulfilled" or order.is_fulfilled

    @property
    def asks_products(self) -> bool:
        """Whether it may need more of products than their numbers."""
        narrowed = any(each.collection_ids or each.product_tags for each in self.campaigns)
        return bool(needs_of(self.rule.options)) or narrowed

    @property
    def asks_firsts(self) -> bool:
        """Whether it matters that an order is its member's first."""
        return bool(self.rule.options.get("first_order_only"))

    def running(self, at: datetime) -> tuple[CampaignFacts, ...]:
        """Returns the campaigns that run at an instant."""
        return tuple(
            each for each in self.campaigns if each.starts_at <= at and (each.ends_at is None or at < each.ends_at)
        )

    def needs(self, at: datetime) -> Needs:
        """Returns what of an order's products has to be known, as awards ask for it (earning/operations/products.py)."""
        found = needs_of(self.rule.options)
        if self.rule.options.get("per") == "fixed":  # fixed points belong to no line
            return found
        for each in self.running(at):
            found |= Needs(each.collection_ids, bool(each.product_tags))
        return found


@dataclass(frozen=True, slots=True)
class Scheme:
    """One side of a back-test: what earns, on which ladder.

    Attributes:
        tiers: Every tier by number; tiers that do not exist yet have numbers below 0.
        placed: Members who would stand on another tier than today, by number.
    """

    earnings: tuple[Earning, ...]
    tiers: Mapping[int, Rung]
    program: ProgramFacts
    placed: Mapping[int, int] = field(default_factory=dict)

    def member(self, person: Person) -> MemberFacts:
        """Returns the member as this side has them."""
        tier_id = self.placed.get(person.id, person.tier_id)
        rung = self.tiers.get(tier_id) if tier_id is not None else None
        return MemberFacts(
            id=person.id, email=None, tier_id=tier_id if rung else None, tier_name=rung.name if rung else None,
            tier_multiplier=rung.multiplier if rung else ONE, tags=person.tags,
        )  # fmt: skip

    def stands_as(self, other: Scheme) -> bool:
        """Whether every member earns by the same tier here and there."""
        return (self.tiers, self.placed, self.program) == (other.tiers, other.placed, other.program)

    def in_place(self, earning: Earning) -> Scheme:
        """Returns the scheme with one rule where the one of its number was, or after all others."""
        is_there = any(each.rule.id == earning.rule.id for each in self.earnings)
        changed = tuple(earning if each.rule.id == earning.rule.id else each for each in self.earnings)
        return replace(self, earnings=changed if is_there else (*self.earnings, earning))

    def without(self, rule_id: int) -> Scheme:
        """Returns the scheme without a rule."""
        return replace(self, earnings=tuple(each for each in self.earnings if each.rule.id != rule_id))
