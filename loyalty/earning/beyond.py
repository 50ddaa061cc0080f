"""What campaigns gave beyond the rules, day by day, as the awards' breakdowns tell it. For who rolls it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from loyalty.tenancy import program_in_scope

# Extra points are their campaign's; the rest is of the campaign that multiplied: over lines that differ, of the first.
_BEYOND = """
SELECT (a.created_at AT TIME ZONE %(zone)s)::date, x.id, x.name, sum(x.points)::bigint, count(*)
FROM earning_award a
CROSS JOIN LATERAL (SELECT a.breakdown AS b) s
CROSS JOIN LATERAL (
    SELECT greatest((b->>'points')::numeric - floor((b->>'base')::numeric
            * CASE WHEN (b#>>'{tier,applies}')::boolean THEN (b#>>'{tier,multiplier}')::numeric ELSE 1 END), 0) AS points,
        coalesce((b#>>'{extra,points}')::numeric, 0) AS extra
) beyond
CROSS JOIN LATERAL (
    SELECT coalesce(b#>>'{campaign,name}', jsonb_path_query_first(b, '$.lines[*].campaign')#>>'{}') AS name
) multiplied
CROSS JOIN LATERAL (VALUES
    ((b#>>'{extra,id}')::bigint, b#>>'{extra,name}', least(beyond.extra, beyond.points)),
    (coalesce(b#>>'{campaign,id}', jsonb_path_query_first(b, '$.lines[*].id')#>>'{}', CASE WHEN multiplied.name IS NULL
            THEN b#>>'{extra,id}' END)::bigint,
        coalesce(multiplied.name, b#>>'{extra,name}'), beyond.points - least(beyond.extra, beyond.points))
) x (id, name, points)
WHERE a.program_id = %(program)s AND a.created_at >= %(since)s AND a.created_at < %(until)s
    AND a.status <> 'rejected' AND NOT a.is_test AND b ? 'base' AND b ? 'points'
    AND (jsonb_typeof(b->'campaign') = 'object' OR b ? 'extra' OR b ? 'lines')
    AND x.name IS NOT NULL AND x.points > 0
GROUP BY 1, 2, 3 ORDER BY 1, 3, 2"""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a campaign gave on a day: whole points beyond the rules' own, and how many awards had some.

    Attributes:
        campaign_id: None for awards from before it was recorded: they know their campaign by its name alone.
    """

    day: date
    campaign_id: int | None
    name: str
    points: int
    awards: int


def beyond_by_day(*, since: datetime, until: datetime, zone: ZoneInfo) -> list[Beyond]:
    """Returns what campaigns gave in a half-open period, oldest first, for the programme in scope.

    Test awards and rejected ones are left out. What is given is the award's points less what its base and tier come to
    without a campaign; a campaign is known by its number, and called by the
    name it had then.
    """
    values: dict[str, int | str | datetime] = {
        "program": program_in_scope(),
        "since": since,
        "until": until,
        "zone": zone.key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND, values)
        return [Beyond(*row) for row in cursor.fetchall()]
