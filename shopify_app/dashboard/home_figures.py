"""Home's figures of the last 30 days beside those of the 30 before, and the picture of 90 days, from the days rolled up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from loyalty.analytics.models import Day
from loyalty.analytics.queries import Counted, totals
from loyalty.analytics.spans import Span, last_days
from loyalty.ledger import queries as ledger
from loyalty.ledger.finding import ISSUED, REDEEMED
from loyalty.ledger.models import Entry
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.chart import Chart, draw
from shopify_app.dashboard.pages import link
from shopify_app.dashboard.reading import MINUS, number

FIGURE_DAYS, CHART_DAYS = 30, 90


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, what it was before, and the list it counts."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """What one day of the shop brought, in points."""

    day: date
    issued: int
    spent: int
    expired: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The last 90 days. `chart` is None where nothing happened; `rows` has the latest day first."""

    chart: Chart | None
    rows: list[DayRow]


def figures(request: AdminRequest, counted: Counted | None, *, members: int, now: datetime) -> list[Figure]:
    """Returns the four figures; until the first roll-up is done, points since the start with nothing beside them."""
    if counted is None:
        return _since_the_start(request, members)
    span = last_days(FIGURE_DAYS, today=now.astimezone(request.program.zone).date())
    these, before = totals(of=counted, spans=[span, span.before()])
    activity, dates = link(request, "activity"), {"from": span.first.isoformat(), "until": span.last.isoformat()}

    def moved(kind: str) -> str:
        return f"{activity}?{urlencode({'kind': kind, **dates})}"

    return [
        Figure(_("New members"), number(these.new_members), change(these.new_members, before.new_members),
               f"{link(request, 'members')}?{urlencode(dates)}"),
        Figure(_("Points issued"), number(these.issued), change(these.issued, before.issued), moved(ISSUED)),
        Figure(_("Points spent"), number(these.spent), change(these.spent, before.spent), moved(REDEEMED)),
        Figure(_("Points expired"), number(these.expired), change(these.expired, before.expired),
               moved(str(Entry.Kind.EXPIRY))),
    ]  # fmt: skip


def _since_the_start(request: AdminRequest, members: int) -> list[Figure]:
    found, activity, note = ledger.totals(), link(request, "activity"), _("since the start")
    return [
        Figure(_("Members"), number(members), note, link(request, "members")),
        Figure(_("Points issued"), number(found.issued), note, f"{activity}?{urlencode({'kind': ISSUED})}"),
        Figure(_("Points spent"), number(found.redeemed), note, f"{activity}?{urlencode({'kind': REDEEMED})}"),
    ]


def change(value: int, before: int) -> str:
    """Returns by how much a figure moved and what it was: "+12%, 1,200 before"."""
    was = number(before)
    if not before:
        return _("%(before)s in the 30 days before") % {"before": was}
    moved = f"{(value - before) / before:+.0%}".replace("-", MINUS)
    return _("%(change)s, %(before)s before") % {"change": moved, "before": was}


def picture(counted: Counted | None, *, today: date) -> Picture:
    """Draws what was issued, spent and expired, gaps filled with zeros, so that the picture tells the truth about time."""
    span = last_days(CHART_DAYS, today=today)
    rows = days_of(counted, span) if counted is not None else []
    if not any(row.issued or row.spent or row.expired for row in rows):
        return Picture(None, [])
    drawn = draw(
        [row.day for row in rows],
        [row.issued for row in rows],
        [row.spent for row in rows],
        [row.expired for row in rows],
    )
    return Picture(drawn, rows[::-1])


def days_of(counted: Counted, span: Span) -> list[DayRow]:
    """Returns every day of a span, in order."""
    days = [span.first + timedelta(days=offset) for offset in range(span.days)]
    return [_row(day, counted.days.get(day)) for day in days]


def _row(day: date, found: Day | None) -> DayRow:
    if found is None:
        return DayRow(day, 0, 0, 0)
    return DayRow(day, found.accrued + found.added, -found.redeemed, -found.expired)
