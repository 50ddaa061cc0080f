"""How often one member may earn by a rule: N times per period of the shop, pure.

Source: programme-rules facts, section 2.2. Periods are the shop's own hours, days, weeks (from Monday), months and
calendar years; `days` is the last N × 24 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

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
    return _beginning(limit.window, now.astimezone(zone)).astimezone(UTC)


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
    local = _beginning(limit.window, now.astimezone(zone))
    return _following(limit.window, local).astimezone(UTC)


def words(limit: Limit) -> str:
    """Returns the limit as a merchant reads it: "2 times per week"."""
    times = "once" if limit.count == 1 else f"{limit.count} times"
    if limit.window == Window.LIFETIME:
        return f"{times.capitalize()} in all"
    if limit.window == Window.DAYS:
        return f"{times.capitalize()} in {limit.days} days"
    return f"{times.capitalize()} per {'calendar year' if limit.window == Window.YEAR else limit.window.value}"


def _beginning(window: Window, local: datetime) -> datetime:
    """The beginning of the period that holds a local time. Hours are counted in UTC: local ones may come twice."""
    if window == Window.HOUR:
        return local.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if window == Window.WEEK:
        return day - timedelta(days=day.weekday())
    if window == Window.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if window == Window.YEAR else day


def _following(window: Window, beginning: datetime) -> datetime:
    if window == Window.HOUR:
        return beginning + timedelta(hours=1)
    if window == Window.DAY:
        return beginning + timedelta(days=1)
    if window == Window.WEEK:
        return beginning + timedelta(days=7)
    if window == Window.MONTH:
        return (beginning + timedelta(days=32)).replace(day=1)
    return beginning.replace(year=beginning.year + 1)
