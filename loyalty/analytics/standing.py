"""Counting days by tier and by campaign: what members of a tier did, and what campaigns gave beyond the rules.

Orders and entries do not say which tier their member stood on, so a day is told by the tier of whoever counts it: the
roll-up counts every day again once a day, and a member's past moves along with them.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from loyalty.analytics.measuring import span_of
from loyalty.analytics.models import CampaignDay, TierDay
from loyalty.earning.beyond import beyond_by_day
from loyalty.tenancy import program_in_scope

_BY_TIER = """
SELECT x.day, coalesce(t.tier_id, 0), sum(x.orders), sum(x.revenue), sum(x.issued), sum(x.spent)
FROM (
    SELECT (o.placed_at AT TIME ZONE %(zone)s)::date AS day, o.member_id, count(*) AS orders,
        sum(o.total_minor - o.refunded_minor) AS revenue, 0 AS issued, 0 AS spent
    FROM orders_order o
    WHERE o.program_id = %(program)s AND o.placed_at >= %(since)s AND o.placed_at < %(until)s AND o.member_id IS NOT NULL
        AND o.paid_at IS NOT NULL AND o.cancelled_at IS NULL AND NOT o.is_test
        AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
    GROUP BY 1, 2
    UNION ALL
    SELECT (e.created_at AT TIME ZONE %(zone)s)::date, a.member_id, 0, 0,
        sum(e.points) FILTER (WHERE e.kind <> 'redemption'), -sum(e.points) FILTER (WHERE e.kind = 'redemption')
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    WHERE e.program_id = %(program)s AND e.created_at >= %(since)s AND e.created_at < %(until)s AND NOT e.is_test
        AND (e.kind IN ('accrual', 'redemption') OR (e.kind = 'adjustment' AND e.points > 0))
    GROUP BY 1, 2
) x LEFT JOIN tiers_tiermembership t ON t.member_id = x.member_id
GROUP BY 1, 2 ORDER BY 1, 2"""


def measure_tiers(first: date, last: date, *, zone: ZoneInfo) -> list[TierDay]:
    """Returns what each tier's members did on each of some consecutive days, in one statement."""
    program_id = program_in_scope()
    since, until = span_of(first, last, zone)
    values: dict[str, int | str | datetime] = {"program": program_id, "since": since, "until": until, "zone": zone.key}
    with connection.cursor() as cursor:
        cursor.execute(_BY_TIER, values)
        rows = cursor.fetchall()
    return [
        TierDay(
            program_id=program_id,
            day=day,
            tier_id=tier_id,
            orders=int(orders),
            revenue_minor=int(revenue),
            issued=int(issued or 0),
            spent=int(spent or 0),
        )
        for day, tier_id, orders, revenue, issued, spent in rows
    ]


def measure_campaigns(first: date, last: date, *, zone: ZoneInfo) -> list[CampaignDay]:
    """Returns what campaigns gave beyond the rules on each of some consecutive days, in one statement."""
    program_id = program_in_scope()
    since, until = span_of(first, last, zone)
    return [
        CampaignDay(
            program_id=program_id,
            day=each.day,
            campaign_id=each.campaign_id,
            name=each.name[:200],
            points=each.points,
            awards=each.awards,
        )
        for each in beyond_by_day(since=since, until=until, zone=zone)
    ]
