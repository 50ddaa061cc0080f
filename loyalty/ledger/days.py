"""The ledger in days of the shop: what each day moved, and whom it moved again. For who rolls it up; tests are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from loyalty.ledger.models import Entry
from loyalty.ledger.queries import REAL, SPENT
from loyalty.tenancy import program_in_scope

_KIND = Entry.Kind
MOVEMENTS: dict[str, Q] = {
    "opened": Q(kind=_KIND.OPENING),
    "accrued": Q(kind=_KIND.ACCRUAL),
    "added": Q(kind=_KIND.ADJUSTMENT, points__gt=0),
    "removed": Q(kind=_KIND.ADJUSTMENT, points__lt=0),
    "rejected": Q(kind=_KIND.REJECTION),
    "reversed": Q(kind=_KIND.REVERSAL),
    "expired": Q(kind=_KIND.EXPIRY),
    "redeemed": Q(kind=_KIND.REDEMPTION),
    "returned": Q(kind=_KIND.RETURN),
    "forgiven": Q(kind=_KIND.FORGIVENESS),
    "merged": Q(kind=_KIND.MERGE),
    "cleaned": Q(kind=_KIND.CLEAN_UP),
}
"""Every entry is in exactly one of these: together they are what the balances rose by."""
_REACH = """
WITH did AS MATERIALIZED (
    SELECT e.account_id, (e.created_at AT TIME ZONE %(zone)s)::date AS day, min(e.sequence) AS first,
        bool_or(e.kind <> 'redemption') AS earned, bool_or(e.kind = 'redemption') AS spent
    FROM ledger_entry e
    WHERE e.program_id = %(program)s AND e.created_at >= %(since)s AND e.created_at < %(until)s AND NOT e.is_test
        AND (e.kind IN ('accrual', 'redemption') OR (e.kind = 'adjustment' AND e.points > 0))
    GROUP BY 1, 2
), told AS MATERIALIZED (
    SELECT d.*, b.day AS before, b.earned AS earned_before
    FROM did d LEFT JOIN LATERAL (
        SELECT (e.created_at AT TIME ZONE %(zone)s)::date AS day, e.kind <> 'redemption' AS earned
        FROM ledger_entry e
        WHERE e.account_id = d.account_id AND e.sequence < d.first AND NOT e.is_test
            AND (e.kind IN ('accrual', 'redemption') OR (e.kind = 'adjustment' AND e.points > 0))
        ORDER BY e.sequence DESC LIMIT 1
    ) b ON true
), each AS (
    SELECT 'either' AS doing, t.day, t.before FROM told t
    UNION ALL
    SELECT 'earned', t.day, CASE WHEN t.before IS NULL OR t.earned_before THEN t.before ELSE (
        SELECT (e.created_at AT TIME ZONE %(zone)s)::date FROM ledger_entry e
        WHERE e.account_id = t.account_id AND e.sequence < t.first AND NOT e.is_test
            AND (e.kind = 'accrual' OR (e.kind = 'adjustment' AND e.points > 0))
        ORDER BY e.sequence DESC LIMIT 1) END
    FROM told t WHERE t.earned
    UNION ALL
    SELECT 'spent', t.day, CASE WHEN t.before IS NULL OR NOT t.earned_before THEN t.before ELSE (
        SELECT (e.created_at AT TIME ZONE %(zone)s)::date FROM ledger_entry e
        WHERE e.account_id = t.account_id AND e.sequence < t.first AND NOT e.is_test AND e.kind = 'redemption'
        ORDER BY e.sequence DESC LIMIT 1) END
    FROM told t WHERE t.spent
)
SELECT doing, day, coalesce(before, date '0001-01-01'), count(*) FROM each GROUP BY 1, 2, 3 ORDER BY 2, 1, 3"""
"""One look at each day's entries, and one back for each member who did something; a second only where they last did the other."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One day's movements.

    Attributes:
        points: By the names of `MOVEMENTS`: whole points, signed as the entries are.
        redemptions: How often points were spent.
    """

    day: date
    points: dict[str, int]
    redemptions: int


def moved_by_day(*, since: datetime, until: datetime, zone: ZoneInfo) -> list[Moved]:
    """Returns the days of the shop with movements in a half-open period, oldest first, for the programme in scope."""
    sums = {name: Sum("points", filter=which) for name, which in MOVEMENTS.items()}
    rows: Any = (
        Entry.objects.filter(REAL, created_at__gte=since, created_at__lt=until)
        .annotate(day=TruncDate("created_at", tzinfo=zone))
        .values("day")
        .annotate(redemptions=Count("pk", filter=SPENT), **sums)
        .order_by("day")
    )
    return [Moved(row["day"], {name: int(row[name] or 0) for name in MOVEMENTS}, row["redemptions"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Reached:
    """Members who did something on a day, by the day before it on which they last had.

    Attributes:
        doing: `earned`, `spent`, or `either`.
        previous_day: `date.min` for who never had.
        members: How many, 1 or more.
    """

    doing: str
    day: date
    previous_day: date
    members: int


def reached_by_day(*, since: datetime, until: datetime, zone: ZoneInfo) -> list[Reached]:
    """Returns whom each day of a half-open period reached, for the programme in scope.

    Why by the previous day: members cannot be added up over days, but in any span of days each is counted exactly once,
    on the day whose previous day lies before the span.
    """
    values: dict[str, int | str | datetime] = {
        "program": program_in_scope(),
        "since": since,
        "until": until,
        "zone": zone.key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REACH, values)
        return [Reached(*row) for row in cursor.fetchall()]


def first_entry_at() -> datetime | None:
    """Returns when the first points of the programme in scope moved, or None."""
    return Entry.objects.order_by("created_at").values_list("created_at", flat=True).first()
