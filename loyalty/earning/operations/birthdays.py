"""Telling others of birthdays: once a calendar year per member, on the shop's own day, whether or not a rule rewards them.

The notice that the rule asks for counts here as well: who hears of a birthday may reward it. Found through the index by
month and day and told in sets; a row per member remembers the year, so that two workers at once tell once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from loyalty.earning.models import BirthdayTold
from loyalty.earning.operations.yearly import CAUGHT_UP_DAYS, born_on
from loyalty.events import EventKind
from loyalty.ledger.queries import testing_among
from loyalty.members.models import Member
from loyalty.outbox.operations import News, append_all
from loyalty.programs.models import Program

BATCH = 1000
"""Members that one step tells of."""

# Rows are taken in the order of members, so that two sets never wait for each other in a ring.
_NOTE = """
    INSERT INTO earning_birthdaytold (program_id, member_id, year)
    SELECT %(program)s, w.member_id, %(year)s FROM unnest(%(members)s::bigint[]) AS w (member_id) ORDER BY w.member_id
    ON CONFLICT (member_id) DO UPDATE SET year = excluded.year WHERE earning_birthdaytold.year < excluded.year
    RETURNING member_id"""


@dataclass(frozen=True, slots=True)
class BirthdaysTold:
    """What one step did: `cursor` begins the next step, None ends it."""

    cursor: str | None
    members: int


@transaction.atomic
def tell_birthdays_some(*, program: Program, now: datetime, cursor: str = "", limit: int = BATCH) -> BirthdaysTold:
    """Writes an event for the next members whose birthday is today in the shop, or was in the days before.

    Safe to repeat and to run twice at once: a year's birthday is told once, whatever happens to the date.

    Args:
        cursor: What the step before returned; "" at the beginning.
        limit: How many members to look at.
    """
    reached, last = json.loads(cursor) if cursor else ("", 0)
    for day in _days(program, now):
        if day.isoformat() < reached:
            continue
        after = last if day.isoformat() == reached else 0
        if page := list(_untold(day, program).filter(pk__gt=after).values_list("pk", flat=True)[:limit]):
            following = json.dumps([day.isoformat(), page[-1]])
            return BirthdaysTold(following, _tell(program, page, day.year, now))
    return BirthdaysTold(None, 0)


def has_birthdays(*, program: Program, now: datetime) -> bool:
    """Whether anybody's birthday in the programme in scope is still to be told of."""
    return any(_untold(day, program).exists() for day in _days(program, now))


def hand_over_birthday(*, from_member_id: int, into_member_id: int) -> None:
    """Lets a member whom another was merged into not be told of twice in a year."""
    told = BirthdayTold.objects.filter(member_id=from_member_id).first()
    if told is not None:
        _note(told.program_id, [into_member_id], told.year)


def _days(program: Program, now: datetime) -> Iterator[date]:
    today = now.astimezone(program.zone).date()
    return (today - timedelta(days=days_ago) for days_ago in range(CAUGHT_UP_DAYS, -1, -1))


def _untold(day: date, program: Program) -> QuerySet[Member]:
    """Whose birthday is to be told of, by number: by more than the number alone, lest PostgreSQL walk along all members."""
    told = BirthdayTold.objects.filter(member_id=OuterRef("pk"), year__gte=day.year)
    found: QuerySet[Member] = born_on(day=day, program=program).filter(~Exists(told)).order_by(F("pk") + 0)
    return found


def _tell(program: Program, members: Sequence[int], year: int, now: datetime) -> int:
    """Tells of members whom nobody else has told of meanwhile, and returns how many. The date itself is not told."""
    noted = _note(program.pk, members, year)
    tests = testing_among(member_ids=noted)
    news = [News(member_id, {"year": year}, is_test=member_id in tests) for member_id in noted]
    append_all(program_id=program.pk, kind=EventKind.MEMBER_BIRTHDAY, news=news, now=now)
    return len(noted)


def _note(program_id: int, members: Sequence[int], year: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"program": program_id, "members": list(members), "year": year})
        return [row[0] for row in cursor.fetchall()]
