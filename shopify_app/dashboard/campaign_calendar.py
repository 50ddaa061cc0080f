"""The campaigns of one month on a calendar: weeks with a bar for each, and for narrow screens a list by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.campaigns import queries
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.queries import Standing
from loyalty.programs.calendar import midnight
from loyalty.programs.models import Program
from shopify_app.dashboard.reading import a_date, a_long_month, a_month, a_weekday, number
from shopify_app.dashboard.weeks import Piece, Span, agenda, days_shown, month_after, weeks_of

VIEW = "calendar"
STANDINGS = {
    Standing.OFF: gettext_lazy("Off"),
    Standing.SCHEDULED: gettext_lazy("Scheduled"),
    Standing.RUNNING: gettext_lazy("Running"),
    Standing.SPENT: gettext_lazy("Budget spent"),
    Standing.ENDED: gettext_lazy("Ended"),
}
"""Where a campaign stands, in words; they stand on its bar too."""
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Bar:
    """A campaign on some of its days, or no campaign (no `public_id`).

    `length` in days; `told` says its days in words; `is_first`: the campaign's first bar of the month.
    """

    length: int
    public_id: str = ""
    name: str = ""
    standing: str = ""
    look: str = ""
    told: str = ""
    is_first: bool = False
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid."""

    number: str
    date: date
    is_in_month: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign as the list by day tells it: what it does on that day, in words."""

    bar: Bar
    words: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the page shows of one month; `weeks` pair seven days with the lanes of bars beneath them."""

    title: str
    weekdays: list[tuple[str, str]]
    weeks: list[tuple[list[Day], list[list[Bar]]]]
    agenda: list[tuple[Day, str, list[Line]]]
    previous: tuple[str, str]
    following: tuple[str, str]
    is_now: bool


def month_asked(text: str, today: date) -> date:
    """Returns the first day of the month an address names, `2026-11`; of today's where it names none."""
    if not MONTH.fullmatch(text):
        return today.replace(day=1)
    return date(int(text[:4]), int(text[5:]), 1)


def calendar_of(program: Program, month: date, *, now: datetime) -> Calendar:
    """Returns the campaigns of a month as its page shows them, in the shop's days.

    Args:
        month: Its first day.
        now: Which day is today, and where each campaign stands.
    """
    today, first_weekday = now.astimezone(program.zone).date(), (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    shown = days_shown(month, first_weekday=first_weekday)
    start = midnight(shown[0], zone=program.zone)
    end = midnight(shown[-1] + timedelta(days=1), zone=program.zone)
    found = {each.public_id: each for each in queries.in_span(start=start, end=end)}
    spans = [_span(each, program) for each in found.values()]
    seen: set[str] = set()

    def bar(piece: Piece) -> Bar:
        if piece.span is None:
            return Bar(piece.length)
        is_first = piece.span.key not in seen
        seen.add(piece.span.key)
        return _bar(found[piece.span.key], piece, now=now, is_first=is_first)

    def line(span: Span, day: date) -> Line:
        return Line(_bar(found[span.key], Piece(1, span), now=now, is_first=True), _does(span, day))

    weekdays = [(first_weekday + offset) % 7 for offset in range(7)]
    return Calendar(
        title=a_long_month(month),
        weekdays=[(str(WEEKDAYS_ABBR[each]), str(WEEKDAYS[each])) for each in weekdays],
        weeks=[
            ([_day(day, month, today) for day in week.days], [[bar(piece) for piece in lane] for lane in week.lanes])
            for week in weeks_of(month, spans, first_weekday=first_weekday)
        ],
        agenda=[
            (_day(day, month, today), a_weekday(day), [line(span, day) for span in told])
            for day, told in agenda(month, spans, today=today)
        ],
        previous=_beside(month, -1),
        following=_beside(month, 1),
        is_now=month == today.replace(day=1),
    )


def _span(campaign: Campaign, program: Program) -> Span:
    last = campaign.ends_at - timedelta(microseconds=1) if campaign.ends_at else None
    return Span(
        campaign.public_id,
        campaign.starts_at.astimezone(program.zone).date(),
        last.astimezone(program.zone).date() if last else None,
    )


def _bar(campaign: Campaign, piece: Piece, *, now: datetime, is_first: bool) -> Bar:
    standing, span = queries.standing(campaign, now=now), piece.span
    assert span is not None
    said = {"first": a_date(span.first)}
    if span.last is None:
        told = _("from %(first)s onwards") % said
    elif span.last == span.first:
        told = _("on %(first)s") % said
    else:
        told = _("from %(first)s to %(last)s") % {**said, "last": a_date(span.last)}
    return Bar(
        piece.length, campaign.public_id, campaign.name, str(STANDINGS[standing]), standing.name.lower(), told, is_first,
        piece.begins, piece.ends,
    )  # fmt: skip


def _does(span: Span, day: date) -> str:
    """What a span does on a day of it."""
    if day == span.first == span.last:
        return _("On this day only")
    if day == span.first:
        return _("Begins, until %(day)s") % {"day": a_date(span.last)} if span.last else _("Begins, without an end")
    if day == span.last:
        return _("Last day, since %(day)s") % {"day": a_date(span.first)}
    if span.last is None:
        return _("Since %(day)s, without an end") % {"day": a_date(span.first)}
    return _("Since %(first)s, until %(last)s") % {"first": a_date(span.first), "last": a_date(span.last)}


def _day(day: date, month: date, today: date) -> Day:
    return Day(number(day.day), day, day.month == month.month, day == today)


def _beside(month: date, step: int) -> tuple[str, str]:
    beside = month_after(month, step)
    return a_month(beside), "?" + urlencode({"view": VIEW, "month": f"{beside:%Y-%m}"})
