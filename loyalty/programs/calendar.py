"""Days of a shop: pure arithmetic of instants and time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight(day: date, *, zone: ZoneInfo) -> datetime:
    """Returns the instant a day of the shop begins, as UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def first_day(period: str, day: date) -> date:
    """Returns the first day of the `day`, `week` (from Monday), `month` or `year` that holds `day`."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if period == "year" else day


def end_of_day_after(start: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """Returns the midnight that ends the day `days` after the day of `start`, in the shop's zone, as UTC.

    Points that became available on 1 May with 30 days to live can be spent through 31 May.
    """
    day = start.astimezone(zone).date() + timedelta(days=days + 1)
    return midnight(day, zone=zone)


def start_of_day_after(start: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """Returns the midnight that begins the day `days` after the day of `start`, in the shop's zone, as UTC.

    A code bought on 1 June with 30 days to live expires on 1 July at 00:00 (rest-api facts, section 10.1).
    """
    day = start.astimezone(zone).date() + timedelta(days=days)
    return midnight(day, zone=zone)
