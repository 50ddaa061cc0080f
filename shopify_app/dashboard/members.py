"""Members: the searchable list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from loyalty.ledger import queries as ledger
from loyalty.ledger.queries import Standing
from loyalty.members import queries
from loyalty.members.models import Member
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.paging import paged


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the list; points are spendable ones, and all ever earned."""

    id: int
    name: str
    email: str | None
    tier: str
    is_excluded: bool
    is_testing: bool
    available: int
    lifetime: int
    enrolled_at: datetime


def _row(member: Member, points: Standing | None) -> MemberRow:
    balances = points.balances if points else None
    standing = getattr(member, "tier_membership", None)
    return MemberRow(
        id=member.pk,
        name=member.display_name,
        email=member.email,
        tier=standing.tier.name if standing else "",
        is_excluded=member.is_excluded,
        is_testing=points is not None and points.is_testing,
        available=balances.available if balances else 0,
        lifetime=balances.lifetime if balances else 0,
        enrolled_at=member.enrolled_at,
    )


@require_GET
@page
def members(request: AdminRequest) -> HttpResponse:
    """Lists members by search text and status, newest first."""
    text = request.GET.get("q", "").strip()[:254]
    status = request.GET.get("status", "")
    found = queries.search(text)
    if status in Member.Status.values:
        found = found.filter(status=status)
    rows, pager = paged(request, found)
    points = ledger.standings_of(member_ids=[row.pk for row in rows], now=timezone.now())
    context = {
        "heading": "Members",
        "rows": [_row(row, points.get(row.pk)) for row in rows],
        "pager": pager,
        "q": text,
        "status": status,
        "is_filtered": bool(text or status),
    }
    return show(request, "dashboard/members/list.html", context)
