"""Analytics in words: each figure with its change, and each picture with the table that has its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.analytics.models import Day
from loyalty.analytics.queries import Counted, Totals
from loyalty.analytics.spans import DAY, MONTH, WEEK, Span, buckets_of
from loyalty.money import exponent, to_decimal
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.chart import Chart, draw
from shopify_app.dashboard.pages import link
from shopify_app.dashboard.reading import a_date, a_month, change, money, number, percent

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


def brief(amount_minor: int, currency: str) -> str:
    """An amount as a figure: from ten thousand on without its smallest units."""
    amount = to_decimal(amount_minor, currency)
    return f"{number(round(amount))} {currency}" if abs(amount) >= WHOLE_FROM else money(amount_minor, currency)


def named(span: Span) -> str:
    """A span as it is read: 1 Nov 2026 to 30 Nov 2026."""
    return _("%(first)s to %(last)s") % {"first": _said(span.first), "last": _said(span.last)}


def figures(request: AdminRequest, now: Totals, before: Totals | None) -> list[Figure]:
    """The eight figures of a span, each beside what it was in the span it is compared with."""
    currency, activity = request.program.currency, link(request, "activity")

    def share(value: float | None) -> str:
        return percent(value, 1)

    def counted(name: str) -> str:
        return _change(getattr(now, name), getattr(before, name) if before else None, number)

    def rated(name: str) -> str:
        was: float | None = getattr(before, name) if before else None
        return "" if was is None else _("%(share)s before") % {"share": share(was)}

    revenue = _change(now.revenue_minor, before.revenue_minor if before else None, lambda v: brief(v, currency))
    with_rewards = now.rewarded_revenue_minor / now.revenue_minor if now.revenue_minor else None
    return [
        Figure(
            _("Members"),
            number(now.members),
            _("%(new_members)s joined. %(counted)s")
            % {"new_members": number(now.new_members), "counted": counted("members")},
            link(request, "members"),
        ),
        Figure(
            _("Participation"),
            share(now.participation),
            _("%(active_members)s of %(members)s members earned or spent. %(rated)s")
            % {
                "active_members": number(now.active_members),
                "members": number(now.members),
                "rated": rated("participation"),
            },
        ),
        Figure(_("Points issued"), number(now.issued), counted("issued"), f"{activity}?kind=earned"),
        Figure(_("Points spent"), number(now.spent), counted("spent"), f"{activity}?kind=spent"),
        Figure(
            _("Redemption rate"),
            share(now.redemption_rate),
            _("Spent of issued. %(rated)s") % {"rated": rated("redemption_rate")},
        ),
        Figure(_("Points expired"), number(now.expired), counted("expired")),
        Figure(
            _("Revenue"),
            brief(now.revenue_minor, currency),
            _("%(orders)s orders. %(revenue)s") % {"orders": number(now.orders), "revenue": revenue},
        ),
        Figure(
            _("Revenue with rewards"),
            brief(now.rewarded_revenue_minor, currency),
            _("%(rewarded_orders)s orders, %(share)s of revenue")
            % {"rewarded_orders": number(now.rewarded_orders), "share": share(with_rewards)},
        ),
    ]


def pictures(*, of: Counted, span: Span, program: Program) -> list[Picture]:
    """The pictures of a span: by day, week or month, as its length allows."""

    def points(value: int) -> str:
        return number(value)

    def amount(value: int) -> str:
        return money(value, program.currency)

    unit = 10 ** exponent(program.currency)
    plans = [
        _Plan(
            "points",
            _("Points issued and spent"),
            _("Issued"),
            _("Spent"),
            _("The first award draws the first line here."),
            lambda day: day.issued,
            lambda day: day.spent,
            points,
        ),
        _Plan(
            "revenue",
            _("Revenue in %(currency)s") % {"currency": program.currency},
            _("All orders"),
            _("With a reward"),
            _("The first paid order draws the first line here."),
            lambda day: day.revenue_minor,
            lambda day: day.rewarded_revenue_minor,
            amount,
            unit,
        ),
        _Plan(
            "people",
            _("New members and redemptions"),
            _("New members"),
            _("Redemptions"),
            _("The first new member of these days draws the first line here."),
            lambda day: day.new_members,
            lambda day: day.redemptions,
            points,
        ),
    ]
    return [_picture(plan, of, span) for plan in plans]


_STEPS = {DAY: gettext_lazy("by day"), WEEK: gettext_lazy("by week"), MONTH: gettext_lazy("by month")}


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
    return Picture(
        plan.name,
        plan.heading,
        plan.first,
        plan.second,
        f"{named(span)}, {_STEPS[span.step]}. {sums}",
        plan.empty,
        chart,
        rows[::-1],
    )


def _change(value: int, before: int | None, said: Callable[[int], str]) -> str:
    """What a figure was and by how much it moved; nothing where nothing is compared."""
    if before is None:
        return ""
    if not before:
        return _("%(said)s before") % {"said": said(before)}
    return _("%(change)s, %(said)s before") % {"change": change((value - before) / before), "said": said(before)}


def _bucket(day: date, span: Span) -> str:
    if span.step == MONTH:
        return a_month(day)
    return _said(day) if span.step == DAY else _("From %(day)s") % {"day": _said(day)}


def _said(day: date) -> str:
    return a_date(day)
