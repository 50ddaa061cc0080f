"""Members: the list that is searched, filtered, sorted and exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loyalty.ledger import queries as ledger
from loyalty.ledger.queries import Standing
from loyalty.members.models import Member
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.asking import chips_of
from shopify_app.dashboard.member_filters import ACTIVITIES, MONTHS, NO_TIER, SORTS, STATUSES, asked_of
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.paging import counted

FOLDED = {"activity", "birthday", "min", "max", "owes", "from", "until"}
"""Filters that stand folded away until one of them is set."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the list; points are whole ones: spendable, waiting, owed, and all ever earned."""

    member: Member
    tier: str
    is_testing: bool
    available: int
    pending: int
    debt: int
    lifetime: int
    enrolled_at: datetime


def member_rows(found: Sequence[Member], *, now: datetime) -> list[MemberRow]:
    """Turns members (with their tier loaded) into lines, in two queries however many there are."""
    points = ledger.standings_of(member_ids=[member.pk for member in found], now=now)
    return [_row(member, points.get(member.pk)) for member in found]


def _row(member: Member, points: Standing | None) -> MemberRow:
    balances = points.balances if points else None
    standing = getattr(member, "tier_membership", None)
    return MemberRow(
        member=member,
        tier=standing.tier.name if standing else "",
        is_testing=points is not None and points.is_testing,
        available=balances.available if balances else 0,
        pending=balances.pending if balances else 0,
        debt=balances.debt if balances else 0,
        lifetime=balances.lifetime if balances else 0,
        enrolled_at=member.enrolled_at,
    )


@require_GET
@page
def members(request: AdminRequest) -> HttpResponse:
    """Lists members by every filter of the address, newest first unless it says otherwise."""
    now = timezone.now()
    ladder = {tier.public_id: tier for tier in tiers.ladder()}
    asked = asked_of(request.GET, program=request.program, tiers=ladder, now=now)
    found, pager, total = counted(request, asked.found)
    context = {
        "heading": _("Members"),
        "rows": member_rows(found, now=now),
        "pager": pager,
        "total": total,
        "asked": asked.said,
        "chips": chips_of(request.path, asked.said, asked.labels),
        "is_filtered": any(name != "sort" for name in asked.said),
        "is_unfolded": bool(FOLDED & asked.said.keys()),
        "tiers": ladder.values(),
        "no_tier": NO_TIER,
        "statuses": STATUSES,
        "activities": ACTIVITIES,
        "months": MONTHS,
        "sorts": SORTS,
    }
    return show(request, "dashboard/members/list.html", context)
