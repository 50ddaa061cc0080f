"""Settings > Test mode > Missed meanwhile: what members would have earned, to be awarded or discarded once."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.programs.models import Program
from loyalty.programs.scheduling import latest_run
from loyalty.skips import queries
from loyalty.skips.models import Skip
from loyalty.test_mode.operations import begin_awarding, discard_missed
from loyalty.test_mode.operations.missed import AWARD_MISSED
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show
from shopify_app.dashboard.paging import paged
from shopify_app.dashboard.reading import number

TONES = {Skip.State.WAITING: "info", Skip.State.GIVEN: "success"}


@require_GET
@page
def missed(request: AdminRequest) -> HttpResponse:
    """Lists what was skipped, newest first, in one state where it is asked for."""
    state = request.GET.get("state", "")
    state = state if state in Skip.State.values else ""
    rows, pager = paged(request, queries.skips(state=state))
    run = latest_run(name=AWARD_MISSED)
    context = {
        "heading": _("Missed meanwhile"),
        "rows": [(row, TONES.get(Skip.State(row.state), "neutral")) for row in rows],
        "pager": pager,
        "state": state,
        "states": Skip.State.choices,
        "waiting": queries.waiting_count(),
        "is_restricted": request.program.test_mode == Program.TestMode.RESTRICT,
        "is_running": run is not None and run.finished_at is None,
    }
    return show(request, "dashboard/settings/missed.html", context)


@require_POST
@page
def award(request: AdminRequest) -> HttpResponse:
    """Begins to award all that waits."""
    begin_awarding(program_id=request.program.pk, now=timezone.now())
    return saved(request, link(request, "missed"), _("The missed points are being awarded."))


@require_POST
@page
def discard(request: AdminRequest) -> HttpResponse:
    """Decides that nothing of what waits is awarded."""
    discarded = discard_missed(now=timezone.now())
    return saved(request, link(request, "missed"), _("%(number)s discarded.") % {"number": number(discarded)})
