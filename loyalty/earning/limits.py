"""How often one member may earn by a rule: N times per period of the shop, pure.

Source: programme-rules facts, section 2.2. Periods are the shop's own hours, days, weeks (from Monday), months and
calendar years; `days` is the last N × 24 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from loyalty.programs.calendar import first_day, midnight

MAX_COUNT, MAX_DAYS = 1_000, 3_650


class Window(StrEnum):
    """The period a limit counts in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DAYS = "days"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` awards (1–1,000) per `window`; `days` (1–3,650) is the length of a rolling one."""

    count: int
    window: Window
    days: int | None = None


def opened_at(limit: Limit, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the first instant whose awards count against the limit at `now`; None counts all of them."""
    if limit.window == Window.LIFETIME:
        return None
    if limit.window == Window.DAYS:
        return now - timedelta(days=limit.days or 1)
    if limit.window == Window.HOUR:
        return _hour(now)
    return midnight(first_day(limit.window, now.astimezone(zone).date()), zone=zone)


def opens_at(limit: Limit, *, now: datetime, zone: ZoneInfo, counted: list[datetime]) -> datetime | None:
    """Returns when the member may earn again; None is never.

    Args:
        counted: The awards that count at `now`, oldest first; as many as the limit allows, or more.
    """
    if limit.window == Window.LIFETIME:
        return None
    if limit.window == Window.DAYS:
        blocking = counted[-limit.count] if len(counted) >= limit.count else now
        return blocking + timedelta(days=limit.days or 1)
    if limit.window == Window.HOUR:
        return _hour(now) + timedelta(hours=1)
    return midnight(_following(limit.window, first_day(limit.window, now.astimezone(zone).date())), zone=zone)


def words(limit: Limit) -> str:
    """Returns the limit as a merchant reads it: "2 times per week"."""
    words = {
        Window.HOUR: ngettext("Once per hour", "%(times)s times per hour", limit.count),
        Window.DAY: ngettext("Once per day", "%(times)s times per day", limit.count),
        Window.WEEK: ngettext("Once per week", "%(times)s times per week", limit.count),
        Window.MONTH: ngettext("Once per month", "%(times)s times per month", limit.count),
        Window.YEAR: ngettext("Once per calendar year", "%(times)s times per calendar year", limit.count),
        Window.DAYS: ngettext("Once in %(days)s days", "%(times)s times in %(days)s days", limit.count),
        Window.LIFETIME: ngettext("Once in all", "%(times)s times in all", limit.count),
    }
    return words[limit.window] % {"times": limit.count, "days": limit.days}


def _hour(now: datetime) -> datetime:
    """The beginning of the hour, counted in UTC: local hours may come twice."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _following(window: Window, first: date) -> date:
    """The first day of the next period."""
    if window == Window.WEEK:
        return first + timedelta(days=7)
    if window == Window.MONTH:
        return (first + timedelta(days=32)).replace(day=1)
    return first.replace(year=first.year + 1) if window == Window.YEAR else first + timedelta(days=1)
