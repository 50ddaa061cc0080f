"""The days of the Analytics page as a list to export: points as the ledger has them, money as plain decimals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from loyalty.analytics import queries
from loyalty.analytics.measuring import FROM_LEDGER, FROM_SHOP
from loyalty.analytics.worth import worth_of_a_point
from loyalty.money import text
from loyalty.programs.models import Program
from shopify_app.dashboard.analytics_asked import NAMES, asked_of
from shopify_app.dashboard.exporting import Cell, Table

__all__ = ["NAMES", "day_table"]
_MONEY = {"revenue_minor": "revenue", "rewarded_revenue_minor": "rewarded_revenue"}
_COLUMNS = (*FROM_LEDGER, *FROM_SHOP)
_WORTH = ("issued_worth", "spent_worth", "outstanding", "outstanding_worth")
"""Points awarded and spent, and what all entries up to the day's end come to, at what a point is worth now."""


def day_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the days that the page shows, the oldest first. A point that is worth nothing leaves its cells empty."""
    asked = asked_of(query, today=now.astimezone(program.zone).date())

    def lines(_programs: list[Program]) -> list[Sequence[Cell]]:
        of = queries.counted(program=program, now=now)
        if of is None:
            return []
        worth = worth_of_a_point(program=program, said=of.said_worth, now=now)
        days = of.within(asked.span)
        open_points = of.balance_after(days[0].day) - days[0].moved if days else 0
        found: list[Sequence[Cell]] = []
        for each in days:
            open_points += each.moved
            values = [(name, getattr(each, name)) for name in _COLUMNS]
            told = [text(value, program.currency) if name in _MONEY else value for name, value in values]
            issued, spent, outstanding = (
                None if worth is None else text(worth.of(points), program.currency)
                for points in (each.issued, each.spent, open_points)
            )
            found.append([each.day, *told, issued, spent, open_points, outstanding, program.currency])
        return found

    columns = ("day", *(_MONEY.get(name, name) for name in _COLUMNS), *_WORTH, "currency")
    return Table("analytics", columns, Program.objects.filter(pk=program.pk), lines)
