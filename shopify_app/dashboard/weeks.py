"""A month laid out in weeks: which days a span covers in each, and in which lane its bar lies. Pure arithmetic of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both within it; without a last day it runs on. `key` says whose they are."""

    key: str
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Says whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell of a lane: `length` days of a span, or of nothing (`span` None). `begins` and `ends`: the span's own ends."""

    length: int
    span: Span | None = None
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days and the lanes under them; the pieces of each lane fill the seven days."""

    days: list[date]
    lanes: list[list[Piece]]


def month_after(month: date, months: int) -> date:
    """Returns the first day of the month so many months on; negative goes back."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def days_shown(month: date, *, first_weekday: int) -> list[date]:
    """Returns the days of whole weeks that hold a month.

    Args:
        month: Its first day.
        first_weekday: The day a week begins on, 0 for Monday to 6 for Sunday.
    """
    start = month - timedelta(days=(month.weekday() - first_weekday) % DAYS)
    last = month_after(month, 1) - timedelta(days=1)
    weeks = ((last - start).days // DAYS) + 1
    return [start + timedelta(days=number) for number in range(weeks * DAYS)]


def weeks_of(month: date, spans: Sequence[Span], *, first_weekday: int) -> list[Week]:
    """Returns the weeks of a month, every span in as few and as high lanes as its week allows, the earliest span highest."""
    days = days_shown(month, first_weekday=first_weekday)
    ordered = sorted(spans, key=lambda span: span.first)
    return [_week(days[start : start + DAYS], ordered) for start in range(0, len(days), DAYS)]


def _week(days: list[date], spans: Sequence[Span]) -> Week:
    lanes: list[list[Span]] = []
    for span in spans:
        if span.first > days[-1] or (span.last is not None and span.last < days[0]):
            continue
        free = next((lane for lane in lanes if lane[-1].last is not None and lane[-1].last < span.first), None)
        if free is None:
            lanes.append([span])
        else:
            free.append(span)
    return Week(days, [_pieces(days, lane) for lane in lanes])


def _pieces(days: list[date], lane: Sequence[Span]) -> list[Piece]:
    """The spans of a lane, which follow one another, cut to the week, with what lies between them."""
    pieces, at = [], days[0]
    for span in lane:
        first = max(span.first, days[0])
        last = days[-1] if span.last is None else min(span.last, days[-1])
        if first > at:
            pieces.append(Piece((first - at).days))
        pieces.append(Piece((last - first).days + 1, span, begins=span.first == first, ends=span.last == last))
        at = last + timedelta(days=1)
    if at <= days[-1]:
        pieces.append(Piece((days[-1] - at).days + 1))
    return pieces


def agenda(month: date, spans: Sequence[Span], *, today: date) -> list[tuple[date, list[Span]]]:
    """Returns the days of a month that are worth a line, each with the spans that are told on it.

    Its first day and today tell every span they are in; other days tell the ones that begin or end on them.
    """
    found, day, end = [], month, month_after(month, 1)
    while day < end:
        told = [
            span for span in sorted(spans, key=lambda span: span.first)
            if (span.covers(day) if day in (month, today) else day in (span.first, span.last))
        ]  # fmt: skip
        if told:
            found.append((day, told))
        day += timedelta(days=1)
    return found
