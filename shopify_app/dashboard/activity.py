"""Activity: every movement of points, what caused it and through whom; the lists behind Home's figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loyalty.earning import queries as earning
from loyalty.ledger import finding
from loyalty.ledger.finding import Wait
from loyalty.ledger.models import Entry
from loyalty.programs import queries as programs
from loyalty.rewards import queries as rewards
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.activity_filters import API, COUNTED, FAMILIES, KINDS, TESTS, asked_of, by_of
from shopify_app.dashboard.asking import chips_of
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.paging import counted


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One movement of points in words; `by` is through whom, `by_query` the address of all of theirs."""

    entry_id: int
    title: str
    detail: str
    member_id: int
    member_name: str
    points: int
    at: datetime
    is_test: bool
    by: str
    by_query: str
    wait: Wait | None


def title_of(entry: Entry) -> tuple[str, str]:
    """What happened, and a word more about it: the rule, the reward, or the note."""
    about = entry.details or {}
    name = str(about.get("rule_name") or about.get("reward_name") or about.get("note") or about.get("reason") or "")
    if entry.kind == Entry.Kind.ADJUSTMENT:
        return _("Adjusted by hand") if finding.door_of(entry) in ("staff", "manual") else _("Adjusted"), name
    if entry.kind in {Entry.Kind.ACCRUAL, Entry.Kind.REDEMPTION} and name:
        return name, _("earned") if entry.kind == Entry.Kind.ACCRUAL else _("redeemed")
    return entry.get_kind_display(), name


def activity_rows(entries: Iterable[Entry]) -> list[ActivityRow]:
    """Turns entries (with account and member loaded) into lines of the table, in one query however many there are."""
    page = list(entries)
    waits = finding.waits_of(entry.pk for entry in page)
    return [_row(entry, waits.get(entry.pk)) for entry in page]


def _row(entry: Entry, wait: Wait | None) -> ActivityRow:
    title, detail = title_of(entry)
    member = entry.account.member
    by = by_of(finding.door_of(entry), finding.actor_of(entry))
    return ActivityRow(
        entry_id=entry.pk,
        title=title,
        detail=detail,
        member_id=member.pk,
        member_name=member.display_name,
        points=entry.points,
        at=entry.created_at,
        is_test=entry.is_test,
        by=by.label,
        by_query=urlencode({"by": by.value}) if by.value else "",
        wait=wait,
    )


@require_GET
@page
def activity(request: AdminRequest) -> HttpResponse:
    """Lists movements by every filter of the address, newest first; `earned` and `spent` are what Home's figures count."""
    rules = {rule.public_id: rule.name for rule in earning.rules()}
    offered = {reward.public_id: reward.name for reward in rewards.rewards()}
    asked = asked_of(request.GET, program=request.program, rules=rules, rewards_=offered)
    by_cause = asked.wanted.cause is not None
    found, pager, total = counted(request, finding.movements(asked.wanted), in_order=by_cause)
    keys = sorted({key.name for key in programs.api_keys()})
    bys = [(name, label) for name, (label, _doors) in FAMILIES.items()]
    chosen = asked.said.get("by", "")
    context = {
        "heading": _("Activity"),
        "rows": activity_rows(found),
        "pager": pager,
        "total": total,
        "asked": asked.said,
        "chips": chips_of(request.path, asked.said, asked.labels),
        "kinds": KINDS,
        "counted": COUNTED,
        "bys": bys,
        "keys": [(f"{API}:{name}", name) for name in keys],
        "other_by": chosen if chosen not in {*FAMILIES, *(f"{API}:{name}" for name in keys)} else "",
        "other_by_label": asked.labels["by"].removeprefix("By "),
        "rules": rules,
        "rewards": offered,
        "tests": TESTS,
    }
    return show(request, "dashboard/activity.html", context)
