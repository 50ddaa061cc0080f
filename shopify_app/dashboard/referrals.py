"""Referrals: how far each friend has come, and the ones that wait for a decision."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from loyalty.deciding import Decided
from loyalty.earning import queries as earning
from loyalty.referrals import queries
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import decide_some
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.deciding import DecisionForm, approved, outcome
from shopify_app.dashboard.pages import link, saved, show_form
from shopify_app.dashboard.paging import paged
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.referral_filters import HELD, of_state
from shopify_app.dashboard.shopify_links import theme_editor

EMBED = "referral"
"""The file of the theme extension's block that shows a theme's visitors their invitation."""
TONES = {
    Referral.State.FRIEND_CONVERTED: "info",
    Referral.State.COMPLETED: "success",
    Referral.State.ENDED: "critical",
}


class ReferralsForm(DecisionForm):
    """What to do with the chosen referrals."""

    decision = forms.ChoiceField(
        label=gettext_lazy("The chosen referrals"),
        choices=[("approve", gettext_lazy("Approve")), ("decline", gettext_lazy("Decline"))],
        initial="approve",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what to do.")},
    )
    consequences: ClassVar = {
        "approve": gettext_lazy("They go on where they stopped; a reward that is due is given at once."),
        "decline": gettext_lazy("They end for good: nothing is given, and a code the friend has not used is removed."),
    }


@require_http_methods(["GET", "POST"])
@page
def referrals(request: AdminRequest) -> HttpResponse:
    """Lists every referral, those that wait first; a decision says how many it concerned and what could not be decided."""
    form = ReferralsForm(request.POST or None, chosen=request.POST.getlist("referral"))
    if request.method == "POST" and form.is_valid():
        approving = form.cleaned_data["decision"] == "approve"
        decided = decide_some(public_ids=form.chosen, approving=approving, actor=request.actor, now=timezone.now())
        said = approved(decided) if approving else _declined(decided)
        return saved(request, link(request, "referrals"), said, is_error=not decided.done)
    found, state = of_state(queries.referrals(), request.GET.get("state", ""))
    rows, pager = paged(request, found)
    rule = earning.rules().filter(action="referral").first()
    context = {
        "heading": _("Referrals"),
        "rows": [(each, TONES.get(Referral.State(each.state), "")) for each in rows],
        "pager": pager,
        "state": state,
        "asked": {"state": state},
        "states": [(HELD, _("Wait for you")), *((value, str(label)) for value, label in Referral.State.choices)],
        "theme_editor": theme_editor(request.program, EMBED),
        "waiting": queries.waiting()[:200],
        "figures": queries.figures(),
        "rule": rule,
        "chosen": form.chosen,
    }
    return show_form(request, "dashboard/referrals.html", form, context)


def _declined(decided: Decided) -> str:
    done = ngettext("%(n)s declined.", "%(n)s declined.", decided.done) % {"n": number(decided.done)}
    return outcome(decided, done, _("Nothing was declined."))
