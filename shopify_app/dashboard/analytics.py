"""Analytics: what the programme brought over a span of days, what it owes, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty.analytics import breakdowns, queries
from loyalty.analytics.breakdowns import Ran
from loyalty.analytics.queries import Counted
from loyalty.analytics.spans import Span
from loyalty.analytics.worth import worth_of_a_point
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.analytics_asked import COMPARISONS, PRESETS, asked_of
from shopify_app.dashboard.analytics_figures import figures, named, pictures
from shopify_app.dashboard.analytics_owed import owed_of
from shopify_app.dashboard.analytics_worth import worth_form
from shopify_app.dashboard.pages import link, saved, show, show_form
from shopify_app.dashboard.reading import change, money, number, percent


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in words."""

    name: str
    url: str
    days: str
    cost: int
    budget: str
    revenue: str
    before: str
    lift: str


@dataclass(frozen=True, slots=True)
class TierRow:
    """What members of a tier did, in words."""

    name: str
    members: int
    orders: int
    revenue: str
    issued: int
    spent: int


@require_http_methods(["GET", "POST"])
@page
def analytics(request: AdminRequest) -> HttpResponse:
    """Shows the days that the address asks for, in the shop's time zone, beside those it compares them with.

    A post says what a point is worth.
    """
    program, now = request.program, timezone.now()
    asked = asked_of(request.GET, today=now.astimezone(program.zone).date())
    context: dict[str, Any] = {
        "heading": _("Analytics"),
        "asked": asked.said,
        "presets": PRESETS,
        "comparisons": COMPARISONS,
    }
    counted = queries.counted(program=program, now=now)
    form = worth_form(request, program=program, said=counted.said_worth if counted else None)
    if request.method == "POST" and form.is_valid() and form.save():
        return saved(request, link(request, "analytics"), _("Saved. What is owed is valued by it."))
    if counted is None:
        return show(request, "dashboard/analytics/waiting.html", context)
    compared = asked.compared if asked.compared and asked.compared.first >= counted.first_day else None
    found = queries.totals(of=counted, spans=[asked.span, *([compared] if compared else [])])
    referred = breakdowns.referred(span=asked.span, zone=program.zone)
    context |= {
        "span": named(asked.span),
        "compared": named(asked.compared) if asked.compared else "",
        "has_compared": compared is not None,
        "first_day": counted.first_day,
        "starts_later": asked.span.first < counted.first_day,
        "is_behind": asked.span.last > counted.through,
        "through": counted.through,
        "figures": figures(request, found[0], found[1] if compared else None),
        "pictures": pictures(of=counted, span=asked.span, program=program),
        "owed": owed_of(
            program=program, of=counted, worth=worth_of_a_point(program=program, said=counted.said_worth, now=now)
        ),
        "tiers": _tiers(asked.span, program),
        "referred": referred,
        "referred_revenue": money(referred.revenue_minor, program.currency),
        "campaigns": _campaigns(request, counted, asked.span),
        "with_rewards": money(found[0].rewarded_revenue_minor, program.currency),
        "without_rewards": money(found[0].revenue_minor - found[0].rewarded_revenue_minor, program.currency),
        "orders_without": found[0].orders - found[0].rewarded_orders,
        "totals": found[0],
    }
    return show_form(request, "dashboard/analytics/page.html", form, context)


def _tiers(span: Span, program: Program) -> list[TierRow]:
    return [
        TierRow(
            each.name,
            each.members,
            each.orders,
            money(each.revenue_minor, program.currency),
            each.issued,
            each.spent,
        )
        for each in breakdowns.by_tier(span=span)
    ]


def _campaigns(request: AdminRequest, counted: Counted, span: Span) -> list[CampaignRow]:
    ran = breakdowns.campaigns_run(of=counted, span=span, zone=request.program.zone)
    return [_campaign(each, link(request, "campaign", each.public_id), request.program) for each in ran]


def _campaign(ran: Ran, url: str, program: Program) -> CampaignRow:
    budget = _("No limit")
    if ran.budget is not None:
        budget = (
            _("%(share)s of %(budget)s") % {"share": percent(ran.cost / ran.budget), "budget": number(ran.budget)}
            if ran.budget
            else "0"
        )
    before, lift = ran.before_minor, "–"
    if before:
        lift = change((ran.revenue_minor - before) / before)
    return CampaignRow(
        ran.name,
        url,
        named(ran.span),
        ran.cost,
        budget,
        money(ran.revenue_minor, program.currency),
        "–" if before is None else money(before, program.currency),
        lift,
    )
