"""Playing past orders through two sides: each order by the very evaluation that awards use. Pure.

Orders come the oldest first, since budgets of campaigns are drawn on in that order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from loyalty.backtesting.cases import Earning, PastOrder, Person, Scheme, Unjudged
from loyalty.earning.evaluation import CampaignFacts, evaluate
from loyalty.earning.purchase import parts
from loyalty.earning.reversal import taken_back
from loyalty.orders.products import Needs, lacking


@dataclass(frozen=True, slots=True)
class Side:
    """What one side comes to: orders that earn, points of them with refunds taken off, and members who get any."""

    orders: int
    points: int
    members: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the shop: orders judged in it, and points on either side."""

    first_day: date
    orders: int
    today: int
    draft: int


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it.

    Attributes:
        orders: Orders played, those that were not judged included.
        strangers: How many of them are of nobody who takes part, and earn nothing on either side.
        changed: Members who get another number of points than today.
        months: Every month with an order that was judged, the oldest first.
        unjudged: How many orders were left out of all sums, by reason.
    """

    orders: int
    strangers: int
    today: Side
    draft: Side
    changed: int
    months: Sequence[Month]
    unjudged: Mapping[Unjudged, int]


@dataclass(slots=True)
class _Sum:
    """A side that is being added up, and what the budgets of its campaigns have left."""

    scheme: Scheme
    own: tuple[Earning, ...]
    orders: int = 0
    points: int = 0
    by_member: Counter[int] = field(default_factory=Counter)
    left: dict[int, int] = field(default_factory=dict)

    def add(self, person: Person, points: int) -> None:
        self.orders += points > 0
        self.points += points
        self.by_member[person.id] += points

    def side(self) -> Side:
        return Side(self.orders, self.points, sum(1 for points in self.by_member.values() if points > 0))


def play(orders: Iterable[PastOrder], *, today: Scheme, draft: Scheme, zone: ZoneInfo) -> Played:
    """Returns what orders would have earned on two sides.

    Args:
        orders: The oldest first.
        zone: The shop's, in which months begin.
    """
    # What is the same on both sides is judged once.
    alike = today.stands_as(draft)
    common = tuple(each for each in today.earnings if alike and not each.has_budget and each in draft.earnings)
    here = _Sum(today, tuple(each for each in today.earnings if each not in common))
    there = _Sum(draft, tuple(each for each in draft.earnings if each not in common))
    both = _Sum(today, common)
    asked = (*common, *here.own, *there.own)
    months: dict[date, list[int]] = {}
    unjudged: Counter[Unjudged] = Counter()
    looked_at = strangers = 0
    for order in orders:
        looked_at += 1
        if order.person is None:
            strangers += 1
            continue
        reason = _unknown(order, order.person, asked)
        if reason is not None:
            unjudged[reason] += 1
            continue
        shared = _earned(order, order.person, both)
        figures = [shared + _earned(order, order.person, here), shared + _earned(order, order.person, there)]
        here.add(order.person, figures[0])
        there.add(order.person, figures[1])
        month = months.setdefault(order.placed_at.astimezone(zone).date().replace(day=1), [0, 0, 0])
        for place, figure in enumerate((1, *figures)):
            month[place] += figure
    changed = sum(1 for person, points in here.by_member.items() if there.by_member[person] != points)
    told = [Month(first, *figures) for first, figures in sorted(months.items())]
    return Played(looked_at, strangers, here.side(), there.side(), changed, told, dict(unjudged))


def _earned(order: PastOrder, person: Person, side: _Sum) -> int:
    """The points an order brings by a side's own rules, what its refunds took back left out. Budgets are drawn on."""
    points = 0
    for earning in side.own:
        if not earning.is_due(order):
            continue
        rule = earning.rule
        judged = evaluate(
            rule=rule, member=side.scheme.member(person), program=side.scheme.program,
            campaigns=tuple(_as_left(each, side.left) for each in earning.campaigns),
            occurred_at=order.placed_at, now=order.placed_at, parts=parts(rule.points, rule.options, order.purchase),
        )  # fmt: skip
        if judged.campaign_id is not None:
            whole = next(each.budget or 0 for each in earning.campaigns if each.id == judged.campaign_id)
            side.left[judged.campaign_id] = side.left.get(judged.campaign_id, whole) - judged.campaign_points
        points += judged.points - taken_back(
            points=judged.points, total_minor=order.total_minor, refunds_minor=order.refunds_minor
        )
    return points


def _as_left(campaign: CampaignFacts, left: Mapping[int, int]) -> CampaignFacts:
    """A campaign with what its budget has left."""
    return replace(campaign, budget=left[campaign.id]) if campaign.id in left else campaign


def _unknown(order: PastOrder, person: Person, earnings: Iterable[Earning]) -> Unjudged | None:
    """What keeps an order from being judged: one rule of either side is enough, so that both add up the same orders."""
    needs = Needs()
    for earning in earnings:
        if not earning.is_due(order):
            continue
        if earning.rule.limit is not None:
            return Unjudged.LIMIT
        has_moved = person.tier_since is not None and person.tier_since > order.placed_at
        if has_moved and any(each.tier_ids for each in earning.running(order.placed_at)):
            return Unjudged.AUDIENCE
        needs |= earning.needs(order.placed_at)
    if needs and lacking(order.product_ids, order.purchase.products, needs):
        return Unjudged.PRODUCTS
    return None
