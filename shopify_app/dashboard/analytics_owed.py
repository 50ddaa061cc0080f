"""What is owed, for the Analytics page: open points, their worth, when they end, and what may become of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from loyalty.analytics import queries
from loyalty.analytics.forecasting import MONTHS, Forecast, forecast
from loyalty.analytics.queries import Counted
from loyalty.analytics.worth import Worth
from loyalty.programs.models import Program
from shopify_app.dashboard.reading import a_month, money, percent

SHOWN_MONTHS = 12
"""Months of the schedule that are told one by one; what ends later is one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A name, points, and what they are worth; a dash where a point has no worth."""

    name: str
    points: int
    worth: str


@dataclass(frozen=True, slots=True)
class Band:
    """One line of the forecast: what is counted, and its low, expected and high value, as `Line`s' points and worth."""

    name: str
    low: Line
    expected: Line
    high: Line


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed, as the page says it."""

    counted_at: datetime
    worth: Worth | None
    per_hundred: str
    lines: list[Line]
    schedule: list[Line]
    forecast: Forecast | None
    band: list[Band]
    rates: str
    months_ahead: int = MONTHS


def owed_of(*, program: Program, of: Counted, worth: Worth | None) -> Owed:
    """Returns what the programme in scope owes, at what a point is worth; it asks nothing."""
    liability = of.owed

    def line(name: str, points: int) -> Line:
        return Line(name, points, "–" if worth is None else money(worth.of(points), program.currency))

    ends = queries.ends_of(liability)
    guess = forecast(open_now=liability.spendable, ends=ends, history=of.months(), today=of.through)
    band = []
    if guess is not None:
        outcomes = (guess.low, guess.expected, guess.high)
        for name, what in ((_("Redeemed"), "redeemed"), (_("Expired"), "expired"), (_("Still open"), "still_open")):
            band.append(Band(name, *(line(name, getattr(each, what)) for each in outcomes)))
    return Owed(
        counted_at=liability.counted_at,
        worth=worth,
        per_hundred="" if worth is None else money(worth.of(100), program.currency),
        lines=[
            line(_("Members can spend"), liability.spendable),
            line(_("Reserved for rewards being issued"), liability.held),
            line(_("Open in all"), liability.open),
            line(_("Pending, beside it"), liability.pending),
        ],
        schedule=[line(name, points) for name, points in _schedule(ends)],
        forecast=guess,
        band=band,
        rates=", ".join(percent(float(rate), 1) for rate in guess.rates) if guess else "",
    )


def _schedule(ends: dict[date | None, int]) -> list[tuple[str, int]]:
    """The months in which points end, the next first; what ends after `SHOWN_MONTHS` of them is added up."""
    months = [(month, points) for month, points in ends.items() if month is not None]
    lines = [(a_month(month), points) for month, points in months[:SHOWN_MONTHS]]
    if later := sum(points for _month, points in months[SHOWN_MONTHS:]):
        lines.append((_("Later"), later))
    if None in ends:
        lines.append((_("No end"), ends[None]))
    return lines
