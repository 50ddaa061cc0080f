"""Campaigns: the list with where each stands, and the form that makes or changes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.campaigns import queries
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import change_campaign, create_campaign, switch_campaign
from loyalty.campaigns.queries import Standing
from loyalty.earning import queries as earning
from loyalty.errors import NotFound, Refusal
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.campaign_calendar import STANDINGS, VIEW, calendar_of, month_asked
from shopify_app.dashboard.campaign_forms import CampaignForm, initial_of
from shopify_app.dashboard.consequences import of_campaign
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.reading import number, plain

TONES = {Standing.RUNNING: "success", Standing.SCHEDULED: "info", Standing.SPENT: "warning"}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One line of the list. `last_at` is within the last day, so that the day reads right."""

    public_id: str
    name: str
    standing: str
    tone: str
    starts_at: datetime
    last_at: datetime | None
    gives: str
    spent: int
    budget: int | None
    is_active: bool


def _row(campaign: Campaign, names: dict[int, str], now: datetime) -> CampaignRow:
    standing = queries.standing(campaign, now=now)
    gives = []
    for modifier in campaign.modifiers.all():
        times = f"×{plain(modifier.multiplier)}" if modifier.multiplier != 1 else ""
        extra = _("+%(points)s points") % {"points": number(modifier.extra_points)} if modifier.extra_points else ""
        rule = names.get(modifier.earning_rule_id, _("a deleted rule"))
        both = _("%(times)s and %(extra)s") % {"times": times, "extra": extra} if times and extra else times or extra
        gives.append(_("%(what)s on %(rule)s") % {"what": both, "rule": rule})
    return CampaignRow(
        public_id=campaign.public_id,
        name=campaign.name,
        standing=str(STANDINGS[standing]),
        tone=TONES.get(standing, ""),
        starts_at=campaign.starts_at,
        last_at=campaign.ends_at - timedelta(microseconds=1) if campaign.ends_at else None,
        gives="; ".join(gives) or _("Nothing"),
        spent=campaign.spent_points,
        budget=campaign.budget_points,
        is_active=campaign.is_active,
    )


@require_GET
@page
def campaigns(request: AdminRequest) -> HttpResponse:
    """Lists every campaign with its days, what it gives and where it stands; or shows those of a month on a calendar."""
    if request.GET.get("view") == VIEW:
        return _month(request)
    names = {rule.pk: rule.name for rule in earning.rules()}
    rows = [_row(campaign, names, timezone.now()) for campaign in queries.campaigns()]
    return show(
        request, "dashboard/campaigns/list.html", {"heading": _("Campaigns"), "rows": rows, "has_rules": bool(names)}
    )


def _month(request: AdminRequest) -> HttpResponse:
    now, asked = timezone.now(), request.GET.get("month", "")
    month = month_asked(asked, now.astimezone(request.program.zone).date())
    context = {
        "heading": _("Campaigns"),
        "calendar": calendar_of(request.program, month, now=now),
        "has_rules": earning.rules().exists(),
    }
    return show(request, "dashboard/campaigns/calendar.html", context)


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest) -> HttpResponse:
    """Adds a campaign."""
    today = timezone.now().astimezone(request.program.zone).date()
    form = CampaignForm(request.POST or None, initial={"starts_on": today}, rules=earning.rules(), tiers=tiers.ladder())
    if request.method == "POST" and form.is_valid():
        try:
            create_campaign(program=request.program, terms=form.terms(request.program.zone), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "campaigns"), _("Campaign added."))
    return show_form(
        request,
        "dashboard/campaigns/form.html",
        form,
        {"heading": _("New campaign"), "campaign": None, "consequence": of_campaign(form, None, request.program)},
    )


@require_http_methods(["GET", "POST"])
@page
def edit(request: AdminRequest, public_id: str) -> HttpResponse:
    """Changes a campaign for awards to come."""
    campaign = _find(public_id)
    initial = initial_of(campaign, request.program.zone)
    form = CampaignForm(request.POST or None, initial=initial, rules=earning.rules(), tiers=tiers.ladder())
    if request.method == "POST" and form.is_valid():
        try:
            change_campaign(public_id=public_id, terms=form.terms(request.program.zone), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "campaigns"), _("Campaign saved."))
    names = {rule.pk: rule.name for rule in form.rules}
    context = {
        "heading": campaign.name,
        "campaign": _row(campaign, names, timezone.now()),
        "consequence": of_campaign(form, campaign, request.program),
    }
    return show_form(request, "dashboard/campaigns/form.html", form, context)


@require_POST
@page
def switch(request: AdminRequest, public_id: str) -> HttpResponse:
    """Turns a campaign on or off."""
    campaign = _find(public_id)
    switch_campaign(public_id=public_id, on=not campaign.is_active, now=timezone.now())
    said = _("“%(name)s” is off.") if campaign.is_active else _("“%(name)s” is on.")
    return saved(request, link(request, "campaigns"), said % {"name": campaign.name})


def _find(public_id: str) -> Campaign:
    try:
        return queries.campaign(public_id=public_id)
    except NotFound as error:
        raise Http404(error.sentence) from error
