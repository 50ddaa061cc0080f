"""Approvals: the points that wait, the next due first, to be approved or rejected by hand: chosen ones, or all of them."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loyalty.deciding import Decided
from loyalty.earning import queries
from loyalty.earning.errors import StillDeciding
from loyalty.earning.operations import Verdict, begin_deciding, decide
from loyalty.earning.operations.deciding import DECIDE_ALL
from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import latest_run
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.approval_filters import asked_of
from shopify_app.dashboard.asking import chips_of
from shopify_app.dashboard.deciding import DecisionForm, approved, outcome
from shopify_app.dashboard.pages import attach, saved, show_form
from shopify_app.dashboard.paging import paged
from shopify_app.dashboard.reading import number


class AwardsForm(DecisionForm):
    """What to do with the chosen awards."""

    decision = forms.ChoiceField(
        label=gettext_lazy("The chosen points"),
        choices=[("approve", gettext_lazy("Approve now")), ("reject", gettext_lazy("Reject"))],
        initial="approve",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what to do.")},
    )
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For a rejection; kept with each award."),
    )
    consequences: ClassVar = {
        "approve": gettext_lazy("They can be spent at once; the clock of expiry begins."),
        "reject": gettext_lazy("They are gone. A rule that is once per customer can be earned again."),
    }


@require_http_methods(["GET", "POST"])
@page
def approvals(request: AdminRequest) -> HttpResponse:
    """Lists what waits, of one rule or member where the address says so; a decision says how many it concerned."""
    asked = asked_of(request.GET)
    form = AwardsForm(request.POST or None, chosen=request.POST.getlist("award"))
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, form, rule=asked.rule, member_id=asked.member_id)
        except StillDeciding as refusal:
            attach(form, refusal)
    rows, pager = paged(request, queries.waiting(rule=asked.rule, member_id=asked.member_id))
    run = latest_run(name=DECIDE_ALL)
    context = {
        "heading": _("Approvals"),
        "all_form": AwardsForm(chosen=[], auto_id="all_%s"),
        "rows": rows,
        "pager": pager,
        "chosen": form.chosen,
        "rules": asked.rules,
        "asked": asked.said,
        "chips": chips_of(request.path, asked.said, asked.labels),
        "is_running": run is not None and run.finished_at is None,
        "last": run if run is not None and run.finished_at is not None else None,
        "last_words": _of_all(run) if run is not None else "",
    }
    return show_form(request, "dashboard/approvals.html", form, context)


def _decided(request: AdminRequest, form: AwardsForm, *, rule: str, member_id: int | None) -> HttpResponse:
    """Carries a decision out, or has it carried out where it is about everything.

    Raises:
        StillDeciding: Another decision about everything is being carried out.
    """
    approving, reason, now = form.cleaned_data["decision"] == "approve", form.cleaned_data["reason"], timezone.now()
    here = _here(request)
    if form.cleaned_data["everything"]:
        verdict = Verdict(approving, rule=rule, member_id=member_id, reason=reason, actor=request.actor)
        begin_deciding(program_id=request.program.pk, verdict=verdict, now=now)
        said = (
            _("Everything that waits is being approved.")
            if approving
            else _("Everything that waits is being rejected.")
        )
        return saved(request, here, said)
    decided = decide(public_ids=form.chosen, approving=approving, reason=reason, now=now, actor=request.actor)
    said = approved(decided) if approving else _rejected(decided)
    return saved(request, here, said, is_error=not decided.done)


def _here(request: HttpRequest) -> str:
    """The list as it is filtered, from its first page: what was decided is no longer on it."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _of_all(run: ScheduledRun) -> str:
    """How many a decision about everything has decided so far."""
    decided = Decided(run.counts.get("done", 0), ())
    said = approved(decided) if run.terms.get("approving") else _rejected(decided)
    refused = run.counts.get("refused", 0)
    if not refused:
        return said
    more = ngettext("%(n)s could not be.", "%(n)s could not be.", refused) % {"n": number(refused)}
    return f"{said} {more}"


def _rejected(decided: Decided) -> str:
    done = ngettext("%(n)s rejected.", "%(n)s rejected.", decided.done) % {"n": number(decided.done)}
    return outcome(decided, done, _("Nothing was rejected."))
