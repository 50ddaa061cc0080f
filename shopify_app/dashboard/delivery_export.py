"""Deliveries as a file: what went where, and how it ended. What was sent and answered stays on each one's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from loyalty.deliveries import queries
from loyalty.deliveries.showing import Outgoing, shown
from loyalty.members.models import Member
from loyalty.programs.models import Program
from shopify_app.dashboard.delivery_filters import asked_of
from shopify_app.dashboard.exporting import Cell, Table

COLUMNS = (
    "id", "at", "destination", "kind", "what", "state", "attempts", "http_status", "error", "finished_at", "next_attempt_at",
    "event_id", "shopify_customer_id", "email", "is_test",
)  # fmt: skip


def delivery_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns what the list shows under these filters, all pages of it, newest first; `now` changes nothing."""
    return Table("deliveries", COLUMNS, queries.outgoing(asked_of(query, program).wanted), _lines)


def _lines(found: list[Outgoing]) -> list[Sequence[Cell]]:
    rows = shown(found)
    members = Member.objects.in_bulk({row.member_id for row in rows if row.member_id})
    lines: list[Sequence[Cell]] = []
    for row in rows:
        member = members.get(row.member_id or 0)
        lines.append((
            row.id, row.created_at, row.destination, row.kind, row.what, row.state.value, row.attempts, row.status, row.error,
            row.finished_at, row.next_attempt_at, row.event_id, member.shopify_customer_id if member else None,
            member.email if member else None, row.is_test,
        ))  # fmt: skip
    return lines
