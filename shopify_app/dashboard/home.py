"""Home: what to set up next, what needs a decision, four figures that lead to their lists, 90 days, and what happened last."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.analytics import queries as analytics
from loyalty.ledger import queries as ledger
from loyalty.programs.operations import dismiss_hint
from shopify_app.billing.operations import is_due
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.activity import activity_rows
from shopify_app.dashboard.home_facts import facts_of, open_since
from shopify_app.dashboard.home_figures import figures, picture
from shopify_app.dashboard.home_steps import steps_of
from shopify_app.dashboard.home_waiting import waiting_of
from shopify_app.dashboard.pages import link, saved, show

SHOWN_ACTIVITY = 8
SETUP = "setup"


@require_GET
@page
def home(request: AdminRequest) -> HttpResponse:
    """Shows the programme at a glance."""
    program, now = request.program, timezone.now()
    facts = facts_of(program=program, now=now)
    counted = analytics.counted(program=program, now=now)
    drawn = picture(counted, today=now.astimezone(program.zone).date())
    steps = [] if SETUP in program.dismissed_hints else steps_of(request, facts)
    context = {
        "heading": _("Home"),
        "checklist": steps,
        "done_count": sum(step.is_done for step in steps),
        "waiting": waiting_of(request, facts, since=open_since(program=program, now=now)),
        "figures": figures(request, counted, members=facts.members, now=now),
        "chart": drawn.chart,
        "days": drawn.rows,
        "is_counted": counted is not None,
        "activity": activity_rows(ledger.movements()[:SHOWN_ACTIVITY]),
        # Shopify's page of plans leads here with a plan's handle: no proof of anything, but a reason to ask.
        "is_plan_due": "plan_handle" in request.GET or is_due(now=now),
        "failing_webhooks": facts.failing_webhooks,
    }
    return show(request, "dashboard/home.html", context)


@require_POST
@page
def dismiss(request: AdminRequest, name: str) -> HttpResponse:
    """Puts a hint away for good."""
    dismiss_hint(program_id=request.program.pk, hint=name, now=timezone.now())
    return saved(request, link(request, "home"), _("Put away."))
