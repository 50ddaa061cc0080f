"""Rolling a shop up, step by step: members and orders of its days, then what the ledger moved, then what is owed.

A step counts a span of days in set statements and overwrites what was counted of them before, so that it may be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from loyalty.analytics.measuring import (
    FROM_LEDGER,
    FROM_SHOP,
    days_between,
    first_day,
    measure_ledger,
    measure_reach,
    measure_shop,
)
from loyalty.analytics.models import CampaignDay, Day, Liability, Reach, RollUp, TierDay
from loyalty.analytics.standing import measure_campaigns, measure_tiers
from loyalty.ledger.open_points import open_points
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step

SPAN_DAYS = 7
"""Days that one step counts: few enough that a step of a very busy shop ends long before its lease."""
SETTLING_DAYS = 2
"""Days whose entries are counted again: what began before midnight may be written after it."""
RECENT_DAYS = 35
"""Days whose members and orders are counted again each time; those of every day are once a day, and the points proved."""
BEGIN, WHOLE, RECENT, LEDGER, OWED = "begin", "whole", "recent", "ledger", "owed"
"""The phases: members and orders come before the ledger, so that a day that is told of is whole."""


def count_some(program: Program, cursor: str, now: datetime) -> Step:
    """Does one step of a shop's roll-up; the cursor is a phase and the day it goes on with.

    A time zone that changed in the meantime begins the whole again.
    """
    today = now.astimezone(program.zone).date()
    yesterday = today - timedelta(days=1)
    phase, _, at = cursor.partition(":")
    known = RollUp.objects.filter(time_zone=program.time_zone).first()
    if phase in ("", BEGIN) or known is None:
        return _begin(program, today)
    if phase == OWED:
        return _count_owed(program, known, now)
    first = date.fromisoformat(at)
    last = min(first + timedelta(days=SPAN_DAYS - 1), yesterday)
    if first <= last:
        (_count_ledger if phase == LEDGER else _count_shop)(program, known, first, last)
    if phase == WHOLE and first <= last:
        _prove(program, known, first, last)
    counts = {"days": max((last - first).days + 1, 0)}
    if last < yesterday:
        return Step(f"{phase}:{last + timedelta(days=1)}", counts)
    if phase == LEDGER:
        return Step(OWED, counts)
    if phase == WHOLE:
        RollUp.objects.filter(pk=known.pk).update(whole_on=today)
    known.refresh_from_db()
    return Step(f"{LEDGER}:{_ledger_begins(known)}", counts)


@transaction.atomic
def _begin(program: Program, today: date) -> Step:
    """Finds the first day there is, and whether members and orders of every day are to be counted again: once a day."""
    first = first_day(zone=program.zone) or today
    known = RollUp.objects.filter(time_zone=program.time_zone).first()
    if known is None:  # the first time, or its days begin at another hour now
        for rows in (RollUp, Day, Reach, TierDay, CampaignDay):
            rows.objects.all().delete()
        known = RollUp.objects.create(program=program, time_zone=program.time_zone, first_day=first)
    elif first < known.first_day:  # an order of long ago was heard of
        known.first_day, known.whole_on = first, None
        known.save(update_fields=["first_day", "whole_on"])
    if known.whole_on is None or known.whole_on < today:
        return Step(f"{WHOLE}:{known.first_day}")
    return Step(f"{RECENT}:{max(known.first_day, today - timedelta(days=RECENT_DAYS))}")


def _ledger_begins(known: RollUp) -> date:
    if known.through_day is None:
        return known.first_day
    return max(known.first_day, known.through_day - timedelta(days=SETTLING_DAYS - 1))


@transaction.atomic
def _count_ledger(program: Program, known: RollUp, first: date, last: date) -> None:
    days = days_between(first, last)
    measure_ledger(days, zone=program.zone)
    _write(days.values(), FROM_LEDGER)
    Reach.objects.filter(day__gte=first, day__lte=last).delete()
    Reach.objects.bulk_create(measure_reach(first, last, zone=program.zone), batch_size=2_000)
    RollUp.objects.filter(pk=known.pk).update(through_day=max(last, known.through_day or last))


def _prove(program: Program, known: RollUp, first: date, last: date) -> None:
    """Recounts the points of days that are over; from the first one that differs, all is counted again.

    Entries never change, so none does unless somebody wrote entries with a date of the past.
    """
    if known.through_day is None or known.through_day < first:
        return
    stored = {
        each.day: each
        for each in Day.objects.filter(day__gte=first, day__lte=min(last, known.through_day)).order_by("day")
    }
    days = days_between(first, last)
    measure_ledger(days, zone=program.zone)
    for day, each in stored.items():
        if any(getattr(each, name) != getattr(days[day], name) for name in FROM_LEDGER):
            RollUp.objects.filter(pk=known.pk).update(through_day=day if day > known.first_day else None)
            return


@transaction.atomic
def _count_shop(program: Program, known: RollUp, first: date, last: date) -> None:
    days = days_between(first, last)
    measure_shop(days, zone=program.zone)
    _write(days.values(), FROM_SHOP)
    TierDay.objects.filter(day__gte=first, day__lte=last).delete()
    TierDay.objects.bulk_create(measure_tiers(first, last, zone=program.zone), batch_size=2_000)
    CampaignDay.objects.filter(day__gte=first, day__lte=last).delete()
    CampaignDay.objects.bulk_create(measure_campaigns(first, last, zone=program.zone), batch_size=2_000)


@transaction.atomic
def _count_owed(program: Program, known: RollUp, now: datetime) -> Step:
    today, owed = now.astimezone(program.zone).date(), open_points(now=now, zone=program.zone)
    figures = {
        "spendable": owed.spendable,
        "held": owed.held,
        "pending": owed.pending,
        "ends": [[month.isoformat() if month else None, points] for month, points in owed.ends],
        "counted_at": now,
    }
    counted, _ = Liability.objects.update_or_create(program=program, day=today, defaults=figures)
    RollUp.objects.filter(pk=known.pk).update(counted_at=now, owed=counted)
    return Step(None)


def _write(days: Iterable[Day], columns: Sequence[str]) -> None:
    """Writes these columns of some days, in one statement; the others stay as they are."""
    Day.objects.bulk_create(
        list(days),
        update_conflicts=True,
        unique_fields=["program", "day"],
        update_fields=list(columns),
    )
