"""Approvals: the points that wait, the next due first, to be approved or rejected by hand."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loyalty.deciding import Decided
from loyalty.earning import queries
from loyalty.earning.operations import decide
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.deciding import DecisionForm, approved, outcome
from shopify_app.dashboard.pages import link, saved, show_form
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
    """Lists what waits; a decision says how many it concerned and what could not be decided."""
    form = AwardsForm(request.POST or None, chosen=request.POST.getlist("award"))
    if request.method == "POST" and form.is_valid():
        approving = form.cleaned_data["decision"] == "approve"
        decided = decide(
            public_ids=form.chosen, approving=approving, reason=form.cleaned_data["reason"], now=timezone.now(),
            actor=request.actor,
        )  # fmt: skip
        said = approved(decided) if approving else _rejected(decided)
        return saved(request, link(request, "approvals"), said, is_error=not decided.done)
    rows, pager = paged(request, queries.waiting())
    context = {"heading": _("Approvals"), "rows": rows, "pager": pager, "chosen": form.chosen}
    return show_form(request, "dashboard/approvals.html", form, context)


def _rejected(decided: Decided) -> str:
    done = ngettext("%(n)s rejected.", "%(n)s rejected.", decided.done) % {"n": number(decided.done)}
    return outcome(decided, done, _("Nothing was rejected."))
