"""What a programme owes its members, counted from the lots: points that can be spent, and when they end. Tests left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, ExpressionWrapper, Q, Sum
from django.db.models.functions import Least, TruncMonth

from loyalty.ledger.models import Hold, Lot

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """Whole points, 0 or more.

    Attributes:
        spendable: In lots that can be spent and have not ended.
        held: Reserved for redemptions in flight: drawn from lots, and not spent yet.
        pending: In lots that wait for approval.
        ends: The spendable ones by the first day of the month that holds their last day; None: they have no end.
    """

    spendable: int
    held: int
    pending: int
    ends: list[tuple[date | None, int]]


def open_points(*, now: datetime, zone: ZoneInfo) -> OpenPoints:
    """Counts the programme in scope in two statements. Points by inactivity end when their member's time is up.

    Lots past their end count as ended, whether or not a job has said so.
    """
    # An end is the midnight after the last day, so the month is that of the instant before.
    last = ExpressionWrapper(Least("expires_at", "account__inactive_at") - _INSTANT, output_field=DateTimeField())
    over = Q(expires_at__lte=now) | Q(account__inactive_at__lte=now)
    rows = (
        Lot.objects.filter(is_test=False, remaining__gt=0)
        .exclude(over, state=Lot.State.AVAILABLE)
        .annotate(month=TruncMonth(last, tzinfo=zone))
        .order_by()
        .values_list("state", "month")
        .annotate(points=Sum("remaining"))
    )
    found = [(state, month.astimezone(zone).date() if month else None, int(points)) for state, month, points in rows]
    ends = [(month, points) for state, month, points in found if state == Lot.State.AVAILABLE]
    held = Hold.objects.filter(is_test=False, state=Hold.State.ACTIVE).aggregate(points=Sum("points"))["points"]
    return OpenPoints(
        spendable=sum(points for _, points in ends),
        held=int(held or 0),
        pending=sum(points for state, _, points in found if state == Lot.State.PENDING),
        ends=sorted(ends, key=lambda each: each[0] or date.max),
    )
