"""What would it have cost? The unsaved form of a rule, a campaign or the ladder, judged on past orders; nothing is saved.

The forms post here by htmx and get a part of a page; a form that is not right comes back whole, as its own page shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from loyalty.backtesting import queries
from loyalty.backtesting.queries import PERIODS, BackTest
from loyalty.backtesting.schemes import ACTION
from loyalty.campaigns import queries as campaigns
from loyalty.earning import queries as earning
from loyalty.earning.kinds import KINDS
from loyalty.earning.models import EarningRule
from loyalty.errors import NotFound, Refusal
from loyalty.rewards import queries as rewards
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.backtest_words import answer_of
from shopify_app.dashboard.campaign_calendar import STANDINGS
from shopify_app.dashboard.campaign_forms import CampaignForm
from shopify_app.dashboard.campaign_forms import initial_of as campaign_initial
from shopify_app.dashboard.campaigns import TONES
from shopify_app.dashboard.consequences import of_campaign, of_ladder, of_rule
from shopify_app.dashboard.pages import attach, link, show_form
from shopify_app.dashboard.rule_forms import kind_form
from shopify_app.dashboard.rule_terms import initial_of, rule_or_404, summary, terms_of
from shopify_app.dashboard.tier_forms import LadderForm

USUAL_DAYS = 180


@require_POST
@page
def new_rule(request: AdminRequest, action: str) -> HttpResponse:
    """What a new rule for orders would have cost."""
    if action != ACTION:
        raise Http404("Only rules for orders can be judged on orders")
    return _rule(request, None, link(request, "rule_new", action), {"heading": KINDS[ACTION].label})


@require_POST
@page
def rule(request: AdminRequest, public_id: str) -> HttpResponse:
    """What a changed rule for orders would have cost."""
    stored = rule_or_404(public_id)
    if stored.action != ACTION:
        raise Http404("Only rules for orders can be judged on orders")
    context = {"heading": stored.name, "rule_number": stored.pk}
    return _rule(request, stored, link(request, "rule", public_id), context)


def _rule(request: AdminRequest, stored: EarningRule | None, form_url: str, context: Mapping[str, Any]) -> HttpResponse:
    kind, form_class = KINDS[ACTION], kind_form(KINDS[ACTION])
    form = form_class(request.POST, initial=initial_of(stored, form_class) if stored else None)

    def judge(days: int) -> BackTest:
        return queries.of_rule(
            program=request.program,
            terms=terms_of(form.cleaned_data),
            public_id=stored.public_id if stored else None,
            days=days,
            now=timezone.now(),
        )

    def refused() -> HttpResponse:
        told = {
            **context, "kind": kind, "summary": summary(form, kind), "form_url": form_url,
            "consequence": of_rule(form, stored, request.program),
        }  # fmt: skip
        return show_form(request, "dashboard/rules/form.html", form, told)

    return _answer(request, form, judge, refused, form_url=form_url, about="rule")


@require_POST
@page
def campaign(request: AdminRequest, public_id: str | None = None) -> HttpResponse:
    """What a campaign would have cost, a new one or a changed one."""
    try:
        stored = campaigns.campaign(public_id=public_id) if public_id is not None else None
    except NotFound as error:
        raise Http404(error.sentence) from error
    form_url = link(request, "campaign", public_id) if public_id is not None else link(request, "campaign_new")
    initial = campaign_initial(stored, request.program.zone) if stored else {}
    form = CampaignForm(request.POST, initial=initial, rules=earning.rules(), tiers=tiers.ladder())

    def judge(days: int) -> BackTest:
        terms = form.terms(request.program.zone)
        return queries.of_campaign(
            program=request.program, terms=terms, public_id=public_id, days=days, now=timezone.now()
        )

    def refused() -> HttpResponse:
        so_far = None
        if stored is not None:
            standing = campaigns.standing(stored, now=timezone.now())
            so_far = {
                "standing": STANDINGS[standing], "tone": TONES.get(standing, ""), "spent": stored.spent_points,
                "budget": stored.budget_points,
            }  # fmt: skip
        told = {
            "heading": stored.name if stored else _("New campaign"), "campaign": so_far, "form_url": form_url,
            "consequence": of_campaign(form, stored, request.program),
        }  # fmt: skip
        return show_form(request, "dashboard/campaigns/form.html", form, told)

    return _answer(request, form, judge, refused, form_url=form_url, about="campaign")


@require_POST
@page
def ladder(request: AdminRequest) -> HttpResponse:
    """Whom a changed ladder would move, and what its multipliers would have cost."""
    found, form_url = list(tiers.ladder()), link(request, "tiers")
    form = LadderForm(
        request.POST,
        program=request.program,
        tiers=found,
        rewards=list(rewards.rewards()),
        given=rewards.entry_rewards(),
    )

    def judge(days: int) -> BackTest:
        return queries.of_ladder(program=request.program, ladder=form.ladder(), days=days, now=timezone.now())

    def refused() -> HttpResponse:
        standing = tiers.members_per_tier()
        told = {
            "heading": _("VIP tiers"), "moves": [], "tiers": [(tier, standing.get(tier.pk, 0)) for tier in found],
            "form_url": form_url, "consequence": of_ladder(form, request.program),
        }  # fmt: skip
        return show_form(request, "dashboard/tiers/ladder.html", form, told)

    return _answer(request, form, judge, refused, form_url=form_url, about="ladder")


def _answer(
    request: AdminRequest,
    form: BaseForm,
    judge: Callable[[int], BackTest],
    refused: Callable[[], HttpResponse],
    *,
    form_url: str,
    about: str,
) -> HttpResponse:
    """The answer beside the form; or the page again, with the sentences at the fields, in place of the whole page."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(each) for each in PERIODS} else USUAL_DAYS
    if form.is_valid():
        try:
            answer = answer_of(judge(days), program=request.program, days=days, about=about)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return render(request, "dashboard/backtest/answer.html", {"answer": answer, "form_url": form_url})
    return reswap(retarget(refused(), "body"), "innerHTML")
