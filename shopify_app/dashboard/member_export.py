"""Members as a file, in columns that an import can read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.exporting import Cell, Table
from shopify_app.dashboard.member_filters import asked_of
from shopify_app.dashboard.members import MemberRow, member_rows

COLUMNS = (
    "shopify_customer_id", "email", "first_name", "last_name", "current_points", "pending_points", "debt_points",
    "lifetime_points", "tier", "loyalty_status", "date_of_birth", "referral_code", "joined_at", "is_testing",
)  # fmt: skip


def member_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the members that the list shows under these filters, all pages of it, in its order."""
    ladder = {tier.public_id: tier for tier in tiers.ladder()}
    asked = asked_of(query, program=program, tiers=ladder, now=now)

    def lines(found: list[Member]) -> list[Sequence[Cell]]:
        return [_line(row) for row in member_rows(found, now=now)]

    return Table("members", COLUMNS, asked.found, lines)


def _line(row: MemberRow) -> Sequence[Cell]:
    member = row.member
    return (
        member.shopify_customer_id,
        member.email,
        member.first_name,
        member.last_name,
        row.available,
        row.pending,
        row.debt,
        row.lifetime,
        row.tier,
        member.status,
        member.date_of_birth,
        member.referral_code,
        row.enrolled_at,
        row.is_testing,
    )
