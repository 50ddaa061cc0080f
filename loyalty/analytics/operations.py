"""What may happen to analytics: a merchant says what a point is worth. Nothing a member has or gets changes by it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from loyalty.analytics.models import PointWorth
from loyalty.errors import InvalidField
from loyalty.money import to_minor
from loyalty.programs.models import Program

MOST_MINOR = 10**9
"""The most that 100 points may be worth, in the smallest unit."""


@transaction.atomic
def say_worth(*, program: Program, per_hundred: Decimal | None, now: datetime) -> None:
    """Says what 100 points are worth, in the programme's currency; None lets it follow from the rewards again.

    The same said twice is as if it were said once.

    Raises:
        InvalidField: Not more than nothing, finer than the currency, or more than `MOST_MINOR`.
    """
    if per_hundred is None:
        PointWorth.objects.all().delete()
        return
    try:
        minor = to_minor(per_hundred, program.currency)
    except ValueError as refusal:
        raise InvalidField("per_hundred", str(refusal)) from refusal
    if not 0 < minor <= MOST_MINOR:
        raise InvalidField("per_hundred", "Enter an amount above zero, or leave it empty")
    PointWorth.objects.update_or_create(
        program=program,
        defaults={"per_hundred_minor": minor, "currency": program.currency, "updated_at": now},
    )
