"""Analytics in words: each figure with its change, and each picture with the table that has its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from loyalty.analytics.models import Day
from loyalty.analytics.queries import Counted, Totals
from loyalty.analytics.spans import DAY, MONTH, Span, buckets_of
from loyalty.money import exponent, to_decimal
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.chart import Chart, draw
from shopify_app.dashboard.pages import link

WHOLE_FROM = 10_000
"""Units of a currency from which on a figure leaves the smallest units out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, what it was before, and the list it counts; an empty address where there is none."""

    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Two lines and the table of their values. `chart` is None where there is nothing to draw: `empty` says why."""

    name: str
    heading: str
    first: str
    second: str
    description: str
    empty: str
    chart: Chart | None
    rows: list[tuple[str, str, str]]


def money(amount_minor: int, currency: str) -> str:
    """An amount of the smallest unit as it is read: 1,200.50 USD."""
    return f"{to_decimal(amount_minor, currency):,} {currency}".replace("-", "−")


def brief(amount_minor: int, currency: str) -> str:
    """An amount as a figure: from ten thousand on without its smallest units."""
    amount = to_decimal(amount_minor, currency)
    return f"{amount:,.0f} {currency}".replace("-", "−") if abs(amount) >= WHOLE_FROM else money(amount_minor, currency)


def named(span: Span) -> str:
    """A span as it is read: 1 Nov 2026 to 30 Nov 2026."""
    return f"{_said(span.first)} to {_said(span.last)}"


def figures(request: AdminRequest, now: Totals, before: Totals | None) -> list[Figure]:
    """The eight figures of a span, each beside what it was in the span it is compared with."""
    currency, activity = request.program.currency, link(request, "activity")

    def share(value: float | None) -> str:
        return "–" if value is None else f"{value:.1%}"

    def counted(name: str) -> str:
        return _change(getattr(now, name), getattr(before, name) if before else None, lambda value: f"{value:,}")

    def rated(name: str) -> str:
        was: float | None = getattr(before, name) if before else None
        return "" if was is None else f"{share(was)} before"

    revenue = _change(now.revenue_minor, before.revenue_minor if before else None, lambda v: brief(v, currency))
    with_rewards = now.rewarded_revenue_minor / now.revenue_minor if now.revenue_minor else None
    return [
        Figure("Members", f"{now.members:,}", f"{now.new_members:,} joined. {counted('members')}", link(request, "members")),
        Figure(
            "Participation",
            share(now.participation),
            f"{now.active_members:,} of {now.members:,} members earned or spent. {rated('participation')}",
        ),
        Figure("Points issued", f"{now.issued:,}", counted("issued"), f"{activity}?kind=earned"),
        Figure("Points spent", f"{now.spent:,}", counted("spent"), f"{activity}?kind=spent"),
        Figure("Redemption rate", share(now.redemption_rate), f"Spent of issued. {rated('redemption_rate')}"),
        Figure("Points expired", f"{now.expired:,}", counted("expired")),
        Figure("Revenue", brief(now.revenue_minor, currency), f"{now.orders:,} orders. {revenue}"),
        Figure(
            "Revenue with rewards",
            brief(now.rewarded_revenue_minor, currency),
            f"{now.rewarded_orders:,} orders, {share(with_rewards)} of revenue",
        ),
    ]  # fmt: skip


def pictures(*, of: Counted, span: Span, program: Program) -> list[Picture]:
    """The pictures of a span: by day, week or month, as its length allows."""

    def points(value: int) -> str:
        return f"{value:,}"

    def amount(value: int) -> str:
        return money(value, program.currency)

    unit = 10 ** exponent(program.currency)
    plans = [
        _Plan("points", "Points issued and spent", "Issued", "Spent", "The first award draws the first line here.",
              lambda day: day.issued, lambda day: day.spent, points),
        _Plan("revenue", f"Revenue in {program.currency}", "All orders", "With a reward",
              "The first paid order draws the first line here.",
              lambda day: day.revenue_minor, lambda day: day.rewarded_revenue_minor, amount, unit),
        _Plan("people", "New members and redemptions", "New members", "Redemptions",
              "The first new member of these days draws the first line here.",
              lambda day: day.new_members, lambda day: day.redemptions, points),
    ]  # fmt: skip
    return [_picture(plan, of, span) for plan in plans]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a picture shows: its words, two values of a day, how they are said, and what a unit of the drawing is."""

    name: str
    heading: str
    first: str
    second: str
    empty: str
    one: Callable[[Day], int]
    two: Callable[[Day], int]
    said: Callable[[int], str]
    unit: int = 1


def _picture(plan: _Plan, of: Counted, span: Span) -> Picture:
    """Adds both lines up by bucket; a picture is drawn in whole units, its table has them to the last digit."""
    days = {each.day: each for each in of.within(span)}
    buckets = buckets_of(span, days)
    one = [sum(plan.one(days[day]) for day in held) for held in buckets.values()]
    two = [sum(plan.two(days[day]) for day in held) for held in buckets.values()]
    chart = None
    if any(one) or any(two):
        chart = draw(list(buckets), [value // plan.unit for value in one], [value // plan.unit for value in two])
    said = plan.said
    rows = [(_bucket(at, span), said(a), said(b)) for at, a, b in zip(buckets, one, two, strict=True)]
    sums = f"{plan.first}: {said(sum(one))}. {plan.second}: {said(sum(two))}."
    return Picture(plan.name, plan.heading, plan.first, plan.second, f"{named(span)}, by {span.step}. {sums}", plan.empty,
                   chart, rows[::-1])  # fmt: skip


def _change(value: int, before: int | None, said: Callable[[int], str]) -> str:
    """What a figure was and by how much it moved; nothing where nothing is compared."""
    if before is None:
        return ""
    if not before:
        return f"{said(before)} before"
    return f"{(value - before) / before:+.0%}, {said(before)} before".replace("-", "−", 1)


def _bucket(day: date, span: Span) -> str:
    if span.step == MONTH:
        return f"{day:%b %Y}"
    return _said(day) if span.step == DAY else f"From {_said(day)}"


def _said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
