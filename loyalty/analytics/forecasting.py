"""What becomes of the points that are open today: a simple forecast with a band, which a merchant can do by hand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

MONTHS = 12
"""Months the forecast looks ahead."""
LEAST_MONTHS = 3
"""Whole months of history without which there is no forecast."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month that is over: points that were open when it began, and how many were redeemed in it; 0 or more."""

    opened_with: int
    redeemed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of today's open points, after the forecast's months: how many were redeemed, ended, and are still open."""

    redeemed: int
    expired: int
    still_open: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The band: the month with the smallest share redeemed, all months together, the month with the greatest.

    Attributes:
        months: How many whole months it was learned from.
        rates: The three shares of open points redeemed in a month, in the same order.
    """

    months: int
    low: Outcome
    expected: Outcome
    high: Outcome
    rates: tuple[Fraction, Fraction, Fraction]


def forecast(
    *, open_now: int, ends: Mapping[date | None, int], history: Sequence[Month], today: date
) -> Forecast | None:
    """Returns what becomes of today's open points; None without three months that began with open points.

    Each month the same share of what is left is redeemed, evenly whatever its end; what ends in a month and was not redeemed
    by then expires in it.

    Args:
        open_now: Points that can be spent today.
        ends: Of these, points by the first day of the month in which they end; None has no end.
        history: Whole months, any order.
    """
    known = [month for month in history if month.opened_with > 0]
    if len(known) < LEAST_MONTHS or open_now <= 0:
        return None
    shares = [min(Fraction(month.redeemed, month.opened_with), Fraction(1)) for month in known]
    together = min(Fraction(sum(m.redeemed for m in known), sum(m.opened_with for m in known)), Fraction(1))
    low, high = min(shares), max(shares)
    outcomes = [_after(open_now, ends, rate, today) for rate in (low, together, high)]
    return Forecast(len(known), outcomes[0], outcomes[1], outcomes[2], (low, together, high))


def _after(open_now: int, ends: Mapping[date | None, int], rate: Fraction, today: date) -> Outcome:
    """The state after `MONTHS` months at one rate. Floats would do: the result is a guess, and rounded."""
    left, share, keeps = 1.0, float(rate), float(open_now)
    redeemed = expired = 0.0
    for number in range(MONTHS):
        used = keeps * share
        redeemed, keeps, left = redeemed + used, keeps - used, left * (1 - share)
        month = _month_after(today, number)
        due = sum(points for at, points in ends.items() if at == month or (number == 0 and at and at < month))
        over = min(due * left, keeps)
        expired, keeps = expired + over, keeps - over
    gone, ended = round(redeemed), round(expired)
    return Outcome(gone, ended, max(open_now - gone - ended, 0))


def _month_after(day: date, number: int) -> date:
    count = day.year * 12 + day.month - 1 + number
    return date(count // 12, count % 12 + 1, 1)
