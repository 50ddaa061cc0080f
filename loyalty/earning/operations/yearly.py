"""Birthdays and anniversaries: once a calendar year each, on the shop's own day, and caught up after a night's outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear, TruncDate

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

CAUGHT_UP_DAYS = 3
"""Days back that a run looks at: a scheduler that was down over a weekend forgets nobody."""


def celebrate(*, program: Program, now: datetime) -> dict[str, int]:
    """Awards the birthdays and anniversaries of the shop's today and the days before it.

    Safe to repeat and to run twice at once: the year's occurrence is awarded once, whatever happens to the date.

    Returns:
        How many of each were awarded.
    """
    counts = {"birthdays": 0, "anniversaries": 0}
    rules = EarningRule.objects.existing().filter(is_active=True, category__in=["birthday", "anniversary"])
    today = now.astimezone(program.zone).date()
    for rule in rules.order_by("pk"):
        for days_ago in range(CAUGHT_UP_DAYS + 1):
            day = today - timedelta(days=days_ago)
            began = midnight(day, zone=program.zone)
            if began + timedelta(days=1) <= rule.activated_at:
                continue  # the rule came after that day
            name = "birthdays" if rule.category == "birthday" else "anniversaries"
            counts[name] += sum(_award_all(program, rule, day, began, now))
    return counts


def _award_all(program: Program, rule: EarningRule, day: date, began: datetime, now: datetime) -> Iterator[int]:
    """One for each member who was awarded."""
    occurrence = f"{rule.category}:{rule.pk}:{day.year}"
    had = Award.objects.filter(member_id=OuterRef("pk"), occurrence=occurrence)
    members = _born(day, program, began) if rule.category == "birthday" else _joined(day, program)
    for customer_id in list(members.filter(~Exists(had)).values_list("shopify_customer_id", flat=True)):
        activity = Activity(
            rule=RuleReference(public_id=rule.public_id),
            customer=CustomerReference(shopify_customer_id=customer_id),
            source="schedule",
            occurred_at=max(began, rule.activated_at),
            occurrence=occurrence,
        )
        try:
            result = award(activity=activity, program_id=program.pk, now=now)
        except (AlreadyAwarded, CustomerExcluded, EarningLimitReached):
            continue  # another run was first, or the member stopped taking part a moment ago
        yield int(result.skip_reason is None)


def _born(day: date, program: Program, began: datetime) -> QuerySet[Member]:
    """Members whose birthday is kept on `day`, and was saved long enough before it."""
    saved_by = began - timedelta(days=program.birthday_notice_days)
    members = _taking_part().filter(_on("date_of_birth", day), date_of_birth__lt=day)
    return members.annotate(saved_at=Coalesce("birthday_saved_at", "enrolled_at")).filter(saved_at__lte=saved_by)


def _joined(day: date, program: Program) -> QuerySet[Member]:
    """Members who joined on this day of an earlier year, or whose own anniversary it is."""
    since: Any = Coalesce(F("anniversary_date"), TruncDate("enrolled_at", tzinfo=program.zone))
    members = _taking_part().annotate(since=since, since_year=ExtractYear(since))
    return members.filter(_on("since", day), since_year__lt=day.year)


def _taking_part() -> QuerySet[Member]:
    members = Member.objects.living().filter(status=Member.Status.MEMBER)
    return members.order_by("pk")


def _on(field: str, day: date) -> Q:
    """A date on this day of any year; 29 February is kept on the 28th where there is none."""
    wanted = Q()
    for month, number in days_celebrated(day):
        wanted |= Q(**{f"{field}__month": month, f"{field}__day": number})
    return wanted
