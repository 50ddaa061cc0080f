"""Counting days of a shop from what happened in them: the one place that says what a figure counts.

The roll-up stores what this returns; the days that are not rolled up yet are asked of it as they are.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import TruncDate

from loyalty.analytics.models import Day, Reach
from loyalty.ledger import days as ledger
from loyalty.members.models import Member
from loyalty.orders import queries as orders
from loyalty.orders.models import Order
from loyalty.programs.calendar import midnight
from loyalty.rewards.models import Redemption
from loyalty.tenancy import program_in_scope

FROM_LEDGER = (*ledger.MOVEMENTS, "redemptions")
"""Columns of a day that are settled once it is over: entries never change."""
FROM_SHOP = ("new_members", "orders", "revenue_minor", "rewarded_orders", "rewarded_revenue_minor")
"""Columns that change later: orders come late, are refunded and cancelled; members leave."""


def span_of(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns the half-open period of whole days of the shop, both included."""
    return midnight(first, zone=zone), midnight(last + timedelta(days=1), zone=zone)


def days_between(first: date, last: date) -> dict[date, Day]:
    """Returns an empty row for each day, both included, of the programme in scope."""
    program_id, number = program_in_scope(), (last - first).days + 1
    return {day: Day(program_id=program_id, day=day) for day in (first + timedelta(days=n) for n in range(number))}


def measure_ledger(days: dict[date, Day], *, zone: ZoneInfo) -> None:
    """Fills in what the ledger says of consecutive days, in one statement."""
    since, until = span_of(min(days), max(days), zone)
    for moved in ledger.moved_by_day(since=since, until=until, zone=zone):
        day = days[moved.day]
        day.redemptions = moved.redemptions
        for name, points in moved.points.items():
            setattr(day, name, points)


def measure_shop(days: dict[date, Day], *, zone: ZoneInfo) -> None:
    """Fills in what members and orders say of consecutive days, in two statements."""
    since, until = span_of(min(days), max(days), zone)
    joined = Member.objects.living().filter(enrolled_at__gte=since, enrolled_at__lt=until)
    for row in _by_day(joined, "enrolled_at", zone, new_members=Count("pk")):
        _fill(days[row["day"]], row)
    # A reward counts for the order it was used on, whatever becomes of its code afterwards.
    used = Redemption.objects.filter(order_id=OuterRef("shopify_order_id"), is_test=False)
    placed = orders.counting().filter(placed_at__gte=since, placed_at__lt=until)
    kept, rewarded = F("total_minor") - F("refunded_minor"), Q(rewarded=True)
    figures = {
        "orders": Count("pk"),
        "revenue_minor": Sum(kept),
        "rewarded_orders": Count("pk", filter=rewarded),
        "rewarded_revenue_minor": Sum(kept, filter=rewarded),
    }
    for row in _by_day(placed.annotate(rewarded=Exists(used)), "placed_at", zone, **figures):
        _fill(days[row["day"]], row)


def measure_reach(first: date, last: date, *, zone: ZoneInfo) -> list[Reach]:
    """Returns whom each of some consecutive days reached, in one statement."""
    program_id = program_in_scope()
    since, until = span_of(first, last, zone)
    return [
        Reach(
            program_id=program_id, doing=each.doing, day=each.day, previous_day=each.previous_day, members=each.members
        )
        for each in ledger.reached_by_day(since=since, until=until, zone=zone)
    ]


def first_day(*, zone: ZoneInfo) -> date | None:
    """Returns the first day of the shop of which there is anything to count, or None."""
    instants = [
        ledger.first_entry_at(),
        Member.objects.living().aggregate(at=Min("enrolled_at"))["at"],
        Order.objects.aggregate(at=Min("placed_at"))["at"],
    ]
    return min((at.astimezone(zone).date() for at in instants if at is not None), default=None)


def _by_day(rows: Any, field: str, zone: ZoneInfo, **figures: Any) -> Any:
    return rows.annotate(on=TruncDate(field, tzinfo=zone)).order_by().values(day=F("on")).annotate(**figures)


def _fill(day: Day, row: dict[str, Any]) -> None:
    for name, value in row.items():
        if name != "day":
            setattr(day, name, int(value or 0))
