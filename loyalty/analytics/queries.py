"""What may be asked of analytics from outside: a shop's days, rolled up, with those of the present counted as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum

from loyalty.analytics.forecasting import Month
from loyalty.analytics.measuring import days_between, measure_ledger, measure_reach, measure_shop
from loyalty.analytics.models import Day, Liability, PointWorth, Reach, RollUp
from loyalty.analytics.spans import Span, months_before
from loyalty.programs.models import Program

LIVE_DAYS = 3
"""Days that are counted when they are asked for; further back only what is rolled up is told."""
HISTORY_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Totals:
    """What a span of days comes to: points whole, money in the smallest unit, refunds taken off.

    Attributes:
        expired, taken_back, returned: Points that ended; reversed, rejected or removed by hand; given back to who had
            spent them. 0 or more.
        earned_members, spent_members, active_members: Members who earned, who spent, and who did either, each once.
        members: Members at the end of the span.
        outstanding: What all entries up to its end come to: points available, pending and reserved, less debts.
    """

    issued: int
    spent: int
    expired: int
    taken_back: int
    returned: int
    redemptions: int
    new_members: int
    members: int
    orders: int
    revenue_minor: int
    rewarded_orders: int
    rewarded_revenue_minor: int
    earned_members: int
    spent_members: int
    active_members: int
    outstanding: int

    @property
    def redemption_rate(self) -> float | None:
        """Points spent of points issued; None while none were issued."""
        return self.spent / self.issued if self.issued else None

    @property
    def participation(self) -> float | None:
        """Members who earned or spent of all members, at most 1; None while there are none."""
        return min(self.active_members / self.members, 1.0) if self.members else None


@dataclass(slots=True)
class Counted:
    """A programme's days up to `through`, the first day there is to count first.

    Attributes:
        owed: What was owed when it was last counted.
        days: Every day; the last ones counted just now.
        live_reach: Whom those reached.
        said_worth: What the merchant says 100 points are worth, in the smallest unit; None where nobody has.
    """

    first_day: date
    through: date
    owed: Liability
    days: dict[date, Day]
    live_reach: list[Reach] = field(default_factory=list)
    live_from: date = date.max
    said_worth: int | None = None

    def within(self, span: Span) -> list[Day]:
        """Returns the days of a span that there are, in order."""
        return [self.days[day] for day in sorted(self.days) if span.holds(day)]

    def balance_after(self, day: date) -> int:
        """Returns what all entries up to the end of a day come to."""
        return sum(each.moved for at, each in self.days.items() if at <= day)

    def months(self) -> list[Month]:
        """Returns the whole months that are counted, at most `HISTORY_MONTHS`, the oldest first."""
        spans = [each for each in months_before(self.through, HISTORY_MONTHS) if each.first > self.first_day]
        before = timedelta(days=1)
        return [
            Month(self.balance_after(each.first - before), sum(day.spent for day in self.within(each)))
            for each in spans
        ]


def counted(*, program: Program, now: datetime) -> Counted | None:
    """Returns the days of the programme in scope; None until the first roll-up in its time zone is done.

    Six statements: two read what is rolled up, four count the days that are not, which are at most `LIVE_DAYS`.
    """
    said = PointWorth.objects.filter(program=OuterRef("program"), currency=program.currency)
    rolled = RollUp.objects.select_related("owed").annotate(said_worth=Subquery(said.values("per_hundred_minor")[:1]))
    known = rolled.filter(time_zone=program.time_zone).first()
    if known is None or known.counted_at is None or known.owed is None:
        return None
    today = now.astimezone(program.zone).date()
    through = known.through_day or known.first_day - timedelta(days=1)
    days = {each.day: each for each in Day.objects.filter(day__lte=through)}
    found = Counted(known.first_day, through, known.owed, days, said_worth=known.said_worth)
    begins = max(through + timedelta(days=1), known.first_day)
    if begins <= today < begins + timedelta(days=LIVE_DAYS):
        live = days_between(begins, today)
        measure_ledger(live, zone=program.zone)
        measure_shop(live, zone=program.zone)
        found.days |= live
        found.live_reach, found.live_from = measure_reach(begins, today, zone=program.zone), begins
        found.through = today
    return found


def totals(*, of: Counted, spans: Sequence[Span]) -> list[Totals]:
    """Returns what each span comes to, in one statement however many there are."""
    reach = _reach(of, spans)
    return [_totals(of, span, reach[number]) for number, span in enumerate(spans)]


def _totals(of: Counted, span: Span, reach: dict[str, int]) -> Totals:
    days = of.within(span)

    def summed(*names: str) -> int:
        return sum(getattr(day, name) for day in days for name in names)

    return Totals(
        issued=summed("accrued", "added"),
        spent=-summed("redeemed"),
        expired=-summed("expired"),
        taken_back=-summed("reversed", "rejected", "removed"),
        returned=summed("returned"),
        redemptions=summed("redemptions"),
        new_members=summed("new_members"),
        members=sum(each.new_members for day, each in of.days.items() if day <= span.last),
        orders=summed("orders"),
        revenue_minor=summed("revenue_minor"),
        rewarded_orders=summed("rewarded_orders"),
        rewarded_revenue_minor=summed("rewarded_revenue_minor"),
        earned_members=reach.get(Reach.Doing.EARNED, 0),
        spent_members=reach.get(Reach.Doing.SPENT, 0),
        active_members=reach.get(Reach.Doing.EITHER, 0),
        outstanding=of.balance_after(span.last),
    )


def _reach(of: Counted, spans: Sequence[Span]) -> list[dict[str, int]]:
    """Members by what they did in each span: each counts on the day whose previous day lies before the span."""
    sums = {
        f"span_{number}": Sum("members", filter=Q(day__gte=s.first, day__lte=s.last, previous_day__lt=s.first))
        for number, s in enumerate(spans)
    }
    first, last = min(s.first for s in spans), max(s.last for s in spans)
    stored = Reach.objects.filter(day__gte=first, day__lte=last, day__lt=of.live_from).order_by()
    found = [{str(doing): 0 for doing in Reach.Doing.values} for _ in spans]
    rows: Any = stored.values("doing").annotate(**sums)
    for row in rows:
        for number in range(len(spans)):
            found[number][row["doing"]] += int(row[f"span_{number}"] or 0)
    for number, span in enumerate(spans):
        for each in of.live_reach:
            if span.holds(each.day) and each.previous_day < span.first:
                found[number][each.doing] += each.members
    return found


def ends_of(liability: Liability) -> dict[date | None, int]:
    """Returns the points that can be spent by the first day of the month in which they end, in order; None is never."""
    return {date.fromisoformat(month) if month else None: points for month, points in liability.ends}
