"""Settings > Plan: what the shop pays for, what each plan includes, and what is used of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loyalty.earning import queries as earning
from loyalty.integrations.webhooks import queries as webhooks
from loyalty.integrations.webhooks.operations import MAX_SUBSCRIPTIONS
from loyalty.members.queries import count
from loyalty.orders.queries import counting
from loyalty.programs.models import Program
from loyalty.programs.plans import Feature, includes, rate_of
from loyalty.programs.queries import usable_keys
from shopify_app.billing.models import Contract
from shopify_app.billing.operations import contract_of_program, is_due, refresh_plan
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show
from shopify_app.dashboard.plan_lock import NAMES
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.shopify_links import pricing

ORDERS_WITHIN = timedelta(days=30)
IN_EVERY_PLAN: tuple[Promise, ...] = (
    gettext_lazy("Earning rules, rewards and VIP tiers"),
    gettext_lazy("Campaigns and referrals"),
    gettext_lazy("Shopify Flow, emails and marketing platforms"),
    gettext_lazy("Members and orders without a limit"),
)


@dataclass(frozen=True, slots=True)
class Included:
    """One line of the table of plans: what it is, and for each plan whether it is in it, and how much of it."""

    name: str
    cells: list[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something is used, where its list is, and what the plan allows."""

    name: str
    used: str
    limit: str
    url: str


def _table(plans: Iterable[str]) -> list[Included]:
    plans = list(plans)
    rows = [Included(str(name), [(True, "") for _plan in plans]) for name in IN_EVERY_PLAN]
    rows += [Included(str(NAMES[feature]), [(includes(plan, feature), "") for plan in plans]) for feature in Feature]
    rates = [(rate_of(plan) is not None, number(rate_of(plan) or 0)) for plan in plans]
    return [*rows, Included(_("REST calls per second, for each key"), rates)]


def _use(request: AdminRequest) -> list[Use]:
    now, plan = timezone.now(), request.program.plan
    rate, none, lacks = rate_of(plan), _("No limit"), _("Not in your plan")
    actions = earning.rules().filter(action="custom").count()
    has = {feature: includes(plan, feature) for feature in Feature}
    return [
        Use(_("Members"), number(count()), none, link(request, "members")),
        Use(_("Orders of the last 30 days"), number(counting().filter(placed_at__gt=now - ORDERS_WITHIN).count()), none,
            link(request, "analytics")),
        Use(_("Custom actions"), number(actions), none if has[Feature.CUSTOM_ACTIONS] else lacks, link(request, "rules")),
        Use(_("API keys"), number(usable_keys(now=now).count()),
            _("%(rate)s calls per second each") % {"rate": number(rate)} if rate else lacks, link(request, "developer")),
        Use(_("Webhooks"), number(webhooks.subscriptions().count()),
            _("Up to %(most)s") % {"most": number(MAX_SUBSCRIPTIONS)} if has[Feature.WEBHOOKS] else lacks,
            link(request, "webhooks")),
    ]  # fmt: skip


def _unknown(contract: Contract | None) -> str:
    """What was bought under a name this installation does not know; empty where there is nothing such."""
    handles = contract.handles if contract else []
    return ", ".join(handle for handle in handles if handle not in settings.SHOPIFY_PLAN_HANDLES)


@require_GET
@page
def plan(request: AdminRequest) -> HttpResponse:
    """Shows the plan as it is known; asking for it anew is a write, which the page begins once it stands."""
    return _show(request, is_asking=is_due(now=timezone.now()) or "plan_handle" in request.GET)


@require_POST
@page
def refresh(request: AdminRequest) -> HttpResponse:
    """Asks Shopify for the plan. A button's press is told what came of it, a page that asks by itself shows it."""
    is_changed = refresh_plan(program=request.program, now=timezone.now())
    request.program.refresh_from_db()
    if "quiet" in request.GET:
        return _show(request, is_asking=False)
    contract = contract_of_program()
    if contract is not None and contract.error:
        words = _("Shopify did not answer. The plan stays as it was known last.")
        return saved(request, link(request, "plan"), words, is_error=True)
    words = _("Your plan is %(plan)s now.") if is_changed else _("Your plan is %(plan)s, as before.")
    return saved(request, link(request, "plan"), words % {"plan": request.program.get_plan_display()})


def _show(request: AdminRequest, *, is_asking: bool) -> HttpResponse:
    program = request.program
    is_hosted = settings.ENCORE_ASKS_FOR_PLAN
    plans = [Program.Plan.STARTER, Program.Plan.GROWTH] if is_hosted else [Program.Plan(program.plan)]
    contract = contract_of_program() if is_hosted else None
    context = {
        "heading": _("Plan"),
        "is_hosted": is_hosted,
        "is_asking": is_asking,
        "is_whole": all(includes(program.plan, feature) for feature in Feature),
        "has_contract": program.plan != Program.Plan.NONE,
        "contract": contract,
        "unknown": _unknown(contract),
        "plans": [(each.label, each == program.plan) for each in plans],
        "rows": _table(plans),
        "uses": _use(request),
        "pricing_url": pricing(program),
    }
    return show(request, "dashboard/settings/plan.html", context)
