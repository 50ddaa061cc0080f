"""Birthdays and anniversaries: once a calendar year each, on the shop's own day, and caught up after a night's outage.

Members are found through indexes (month and day, the instant of enrolment) and awarded one by one: each award is judged
like any other.
"""

from __future__ import annotations

import json
import logging
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from loyalty.earning.activity import Activity
from loyalty.earning.errors import AlreadyAwarded, EarningLimitReached
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.kinds.birthday import days_celebrated
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations.award import award
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.programs.calendar import midnight
from loyalty.programs.models import Program

_log = logging.getLogger(__name__)
CAUGHT_UP_DAYS = 3
"""Days back that a run looks at: a scheduler that was down over a weekend forgets nobody."""
BATCH = 250
"""Members that one step awards: a second or two."""
COUNTED = {"birthday": "birthdays", "anniversary": "anniversaries"}


@dataclass(frozen=True, slots=True)
class Celebrated:
    """What one step did: awards by `birthdays` and `anniversaries`; `cursor` begins the next step, None ends it."""

    cursor: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Feast:
    """One rule on one of the shop's days, which began at `began`."""

    rule: EarningRule
    day: date
    began: datetime

    @property
    def place(self) -> tuple[int, str]:
        """What feasts are gone through in the order of."""
        return self.rule.pk, self.day.isoformat()

    @property
    def occurrence(self) -> str:
        """The year's, whatever happens to the date."""
        return f"{self.rule.category}:{self.rule.pk}:{self.day.year}"


def celebrate(*, program: Program, now: datetime, limit: int = BATCH) -> dict[str, int]:
    """Awards the birthdays and anniversaries of the shop's today and the days before it, step by step.

    Returns:
        How many of each were awarded.
    """
    counts, cursor = dict.fromkeys(COUNTED.values(), 0), ""
    while True:
        step = celebrate_some(program=program, now=now, cursor=cursor, limit=limit)
        for name, number in step.counts.items():
            counts[name] += number
        if step.cursor is None:
            return counts
        cursor = step.cursor


def celebrate_some(*, program: Program, now: datetime, cursor: str = "", limit: int = BATCH) -> Celebrated:
    """Awards the next members whose birthday or anniversary is today in the shop, or was in the days before.

    Safe to repeat and to run twice at once: the year's occurrence is awarded once, whatever happens to the date. A member
    who cannot be awarded is logged and left for the next run.

    Args:
        cursor: What the step before returned; "" at the beginning.
        limit: How many members to award.
    """
    rule_id, day, last = json.loads(cursor) if cursor else (0, "", 0)
    for feast in _feasts(program, now):
        if feast.place < (rule_id, day):
            continue
        after = last if feast.place == (rule_id, day) else 0
        found = _celebrants(feast, program).filter(pk__gt=after)
        if page := list(found.values_list("pk", "shopify_customer_id")[:limit]):
            done = sum(_award(program, feast, customer_id, now) for _, customer_id in page)
            following = json.dumps([*feast.place, page[-1][0]])
            return Celebrated(following, {COUNTED[feast.rule.category]: done} if done else {})
    return Celebrated(None, {})


def has_celebrants(*, program: Program, now: datetime) -> bool:
    """Whether anybody of the programme in scope is still to be awarded for today or the days before."""
    return any(_celebrants(feast, program).exists() for feast in _feasts(program, now))


def _feasts(program: Program, now: datetime) -> Iterator[_Feast]:
    """The rules that are on, each on the days it was on, by rule and day."""
    rules = EarningRule.objects.existing().filter(is_active=True, category__in=list(COUNTED))
    today = now.astimezone(program.zone).date()
    for rule in rules.order_by("pk"):
        for days_ago in range(CAUGHT_UP_DAYS, -1, -1):
            day = today - timedelta(days=days_ago)
            if midnight(day + timedelta(days=1), zone=program.zone) > rule.activated_at:  # else it came after that day
                yield _Feast(rule, day, midnight(day, zone=program.zone))


def _award(program: Program, feast: _Feast, customer_id: int, now: datetime) -> int:
    """Awards one member, and returns 1 if they earned."""
    activity = Activity(
        rule=RuleReference(public_id=feast.rule.public_id),
        customer=CustomerReference(shopify_customer_id=customer_id),
        source="schedule",
        occurred_at=max(feast.began, feast.rule.activated_at),
        occurrence=feast.occurrence,
    )
    try:
        result = award(activity=activity, program_id=program.pk, now=now)
    except (AlreadyAwarded, CustomerExcluded, EarningLimitReached):
        return 0  # another run was first, or the member stopped taking part a moment ago
    except Exception:  # whatever it is, the other members have their day as well
        _log.exception("customer %s could not be awarded %s", customer_id, feast.occurrence)
        return 0
    return int(result.skip_reason is None)


def _celebrants(feast: _Feast, program: Program) -> QuerySet[Member]:
    """Who is still to be awarded, by number: by more than the number alone, lest PostgreSQL walk along all members."""
    had = Award.objects.filter(member_id=OuterRef("pk"), occurrence=feast.occurrence)
    is_birthday = feast.rule.category == "birthday"
    members = born_on(day=feast.day, program=program) if is_birthday else _joined(feast, program)
    found: QuerySet[Member] = members.filter(~Exists(had)).order_by(F("pk") + 0)
    return found


def born_on(*, day: date, program: Program) -> QuerySet[Member]:
    """Returns who takes part and keeps their birthday on a day of the shop, saved long enough before it."""
    saved_by = midnight(day, zone=program.zone) - timedelta(days=program.birthday_notice_days)
    members = _taking_part().filter(_on("date_of_birth", day), date_of_birth__lt=day)
    return members.annotate(saved_at=Coalesce("birthday_saved_at", "enrolled_at")).filter(saved_at__lte=saved_by)


def _joined(feast: _Feast, program: Program) -> QuerySet[Member]:
    """Members who joined on this day of an earlier year, or whose own anniversary it is."""
    own = _on("anniversary_date", feast.day) & Q(anniversary_date__lt=date(feast.day.year, 1, 1))
    first = Member.objects.aggregate(first=Min("enrolled_at"))["first"]
    enrolled = Q(pk=None)
    for year in range(first.astimezone(program.zone).year if first else feast.day.year, feast.day.year):
        for month, number in days_celebrated(feast.day):
            if (month, number) != (2, 29) or isleap(year):
                began = midnight(date(year, month, number), zone=program.zone)
                ended = midnight(date(year, month, number) + timedelta(days=1), zone=program.zone)
                enrolled |= Q(enrolled_at__gte=began, enrolled_at__lt=ended)
    return _taking_part().filter(own | (Q(anniversary_date=None) & enrolled))


def _taking_part() -> QuerySet[Member]:
    return Member.objects.living().filter(status=Member.Status.MEMBER)


def _on(field: str, day: date) -> Q:
    """A date on this day of any year; 29 February is kept on the 28th where there is none."""
    wanted = Q()
    for month, number in days_celebrated(day):
        wanted |= Q(**{f"{field}__month": month, f"{field}__day": number})
    return wanted
