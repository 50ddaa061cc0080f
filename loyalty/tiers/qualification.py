"""Which tier a figure reaches, in which period it is counted, and when a member falls: pure.

Source: programme-rules facts, section 5, and docs/adr/0011. Upwards at once. Downwards: with a calendar year at its end,
else as soon as the figure no longer suffices; grace days come on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loyalty.programs.calendar import midnight

LIFETIME, CALENDAR_YEAR, ROLLING_YEAR = "lifetime", "calendar_year", "rolling_year"
"""The periods, as a programme stores them."""
ROLLING_DAYS = 365


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: the tier's id and its threshold, in the unit of the programme's entry method."""

    tier_id: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How a programme counts: its period, the shop's time zone, and the days (0–90) a member stays after losing a tier."""

    period: str
    zone: ZoneInfo
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """The step a member stands on, since when, and from when they may leave it downwards (None: nothing is set)."""

    step: Step
    reached_at: datetime
    falls_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a member belongs, and from when they may fall from there."""

    step: Step
    falls_at: datetime | None


def reached(ladder: Iterable[Step], figure: int) -> Step | None:
    """Returns the highest step whose threshold is at most `figure`; None only when the ladder is empty.

    A ladder without a step at 0 still has a base: its lowest step, on which everybody starts.
    """
    steps = sorted(ladder, key=lambda step: step.threshold)
    below = [step for step in steps if step.threshold <= figure]
    return below[-1] if below else (steps[0] if steps else None)


def next_above(ladder: Iterable[Step], figure: int) -> Step | None:
    """Returns the lowest step still above `figure`, or None at the top."""
    return min((step for step in ladder if step.threshold > figure), key=lambda step: step.threshold, default=None)


def opened_at(rules: Rules, *, now: datetime) -> datetime | None:
    """Returns the first instant that counts at `now`; None when everything counts.

    A calendar year begins at midnight of 1 January in the shop's time zone; a rolling one is the last 365 × 24 hours.
    """
    if rules.period == CALENDAR_YEAR:
        return midnight(date(now.astimezone(rules.zone).year, 1, 1), zone=rules.zone)
    return now - timedelta(days=ROLLING_DAYS) if rules.period == ROLLING_YEAR else None


def year_is_over_at(rules: Rules, *, moment: datetime) -> datetime:
    """Returns when a tier held in the calendar year of `moment` can be lost: the year's end plus the grace days."""
    following = date(moment.astimezone(rules.zone).year + 1, 1, 1)
    return midnight(following + timedelta(days=rules.grace_days), zone=rules.zone)


def judge(ladder: Iterable[Step], figure: int, *, held: Held | None, rules: Rules, now: datetime) -> Verdict | None:
    """Returns where a member with `figure` in the present period belongs; None only when the ladder is empty."""
    steps = list(ladder)
    deserved = reached(steps, figure)
    if deserved is None:
        return None
    if held is None or deserved.threshold >= held.step.threshold:
        return _settled(deserved, steps, rules, now)
    falls_at = held.falls_at or _falls_at(held, rules, now)
    return Verdict(held.step, falls_at) if now < falls_at else _settled(deserved, steps, rules, now)


def _settled(step: Step, ladder: list[Step], rules: Rules, now: datetime) -> Verdict:
    """A place the figure pays for: in a calendar year it is kept until that year is over; nobody falls from the base."""
    is_base = step.threshold == min(each.threshold for each in ladder)
    kept = rules.period == CALENDAR_YEAR and not is_base
    return Verdict(step, year_is_over_at(rules, moment=now) if kept else None)


def _falls_at(held: Held, rules: Rules, now: datetime) -> datetime:
    """When a place that is no longer paid for is lost: grace days end with the shop's day."""
    if rules.period == CALENDAR_YEAR:
        return year_is_over_at(rules, moment=held.reached_at)
    if rules.grace_days == 0:
        return now
    return midnight(now.astimezone(rules.zone).date() + timedelta(days=rules.grace_days + 1), zone=rules.zone)
