"""Activity: every movement of points with what caused it; the lists behind Home's figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from loyalty.ledger import queries
from loyalty.ledger.models import Entry
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.paging import paged

FILTERS = {"": "Everything", "earned": "Points issued", "spent": "Points redeemed"}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One movement of points in words."""

    title: str
    detail: str
    member_id: int
    member_name: str
    points: int
    at: datetime
    is_test: bool


def title_of(entry: Entry) -> tuple[str, str]:
    """What happened, and a word more about it: the rule, the reward, or the note."""
    about = entry.details or {}
    name = str(about.get("rule_name") or about.get("reward_name") or about.get("note") or about.get("reason") or "")
    if entry.kind == Entry.Kind.ADJUSTMENT:
        return "Adjusted by hand", name
    if entry.kind in {Entry.Kind.ACCRUAL, Entry.Kind.REDEMPTION} and name:
        return name, "earned" if entry.kind == Entry.Kind.ACCRUAL else "redeemed"
    return entry.get_kind_display(), name


def activity_rows(entries: Iterable[Entry]) -> list[ActivityRow]:
    """Turns entries (with account and member loaded) into lines of the table."""
    rows = []
    for entry in entries:
        title, detail = title_of(entry)
        member = entry.account.member
        rows.append(
            ActivityRow(title, detail, member.pk, member.display_name, entry.points, entry.created_at, entry.is_test)
        )
    return rows


@require_GET
@page
def activity(request: AdminRequest) -> HttpResponse:
    """Lists movements, newest first; `?kind=earned` and `?kind=spent` are what Home's figures count."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in FILTERS else ""
    entries, pager = paged(request, queries.movements(earned=kind == "earned", spent=kind == "spent"))
    context = {"heading": "Activity", "rows": activity_rows(entries), "pager": pager, "kind": kind, "filters": FILTERS}
    return show(request, "dashboard/activity.html", context)
