"""Spans of days: what a merchant may look at, and what it is compared with. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK, MONTH = "day", "week", "month"
DAILY_UNTIL, WEEKLY_UNTIL = 92, 400
"""Days up to which a span is shown day by day, and week by week."""
MOST_DAYS = 3_660
"""The longest span anybody may ask for."""


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days of the shop, the first and the last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days, 1 or more."""
        return (self.last - self.first).days + 1

    def before(self) -> Span:
        """Returns the span of the same length that ends the day before this one."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def year_before(self) -> Span:
        """Returns the same dates of the year before; 29 February becomes the 28th."""
        return Span(_year_before(self.first), _year_before(self.last))

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.first <= day <= self.last

    @property
    def step(self) -> str:
        """Whether it is shown by day, by week or by month, so that a picture and its table can be read."""
        return DAY if self.days <= DAILY_UNTIL else WEEK if self.days <= WEEKLY_UNTIL else MONTH


def last_days(number: int, *, today: date) -> Span:
    """Returns the last `number` days, 1 or more, today included."""
    return Span(today - timedelta(days=number - 1), today)


def this_year(*, today: date) -> Span:
    """Returns the calendar year up to today."""
    return Span(today.replace(month=1, day=1), today)


def between(first: date, last: date) -> Span:
    """Returns the days between two, in whichever order they are given; at most `MOST_DAYS`, the latest."""
    first, last = min(first, last), max(first, last)
    return Span(max(first, last - timedelta(days=MOST_DAYS - 1)), last)


def months_before(day: date, number: int) -> list[Span]:
    """Returns the last `number` whole calendar months before the month of a day, the oldest first."""
    found, end = [], day.replace(day=1)
    for _ in range(number):
        first = (end - timedelta(days=1)).replace(day=1)
        found.append(Span(first, end - timedelta(days=1)))
        end = first
    return found[::-1]


def bucket_of(day: date, *, span: Span) -> date:
    """Returns the first day, within the span, of the day, week (from Monday) or month that a day is shown in."""
    begins = {DAY: day, WEEK: day - timedelta(days=day.weekday()), MONTH: day.replace(day=1)}[span.step]
    return max(begins, span.first)


def buckets_of(span: Span, days: Iterable[date]) -> dict[date, list[date]]:
    """Returns days of a span by the buckets they are shown in, in order."""
    found: dict[date, list[date]] = {}
    for day in sorted(days):
        found.setdefault(bucket_of(day, span=span), []).append(day)
    return found


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
