"""Rewards: the list, and the form that makes or changes one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.errors import Refusal
from loyalty.rewards import queries
from loyalty.rewards.errors import RewardNotFound
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import change_reward, create_reward, move_reward, switch_reward
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.consequences import of_reward
from shopify_app.dashboard.pages import UP, attach, link, moved_words, saved, show, show_form
from shopify_app.dashboard.reading import number, plain
from shopify_app.dashboard.reward_forms import RewardForm
from shopify_app.dashboard.reward_terms import initial_of, terms_of
from shopify_app.dashboard.reward_words import gives, limits, summary, who


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One line of the list."""

    public_id: str
    name: str
    gives: str
    cost: str
    who: str
    limit: str
    is_active: bool


def _row(reward: Reward, currency: str) -> RewardRow:
    said = gives(reward.discount_type, plain(reward.discount_amount), currency)
    cost = _("%(points)s points") % {"points": number(reward.points_cost)} if reward.is_for_sale else _("Only given")
    if reward.is_flexible:
        said = gives(reward.discount_type, plain(reward.amount_per_point), currency)
        said = _("%(gives)s for each point") % {"gives": said}
        cost = _("%(least)s to %(most)s points") % {
            "least": number(reward.points_cost), "most": number(reward.max_points),
        }  # fmt: skip
    return RewardRow(
        public_id=reward.public_id,
        name=reward.name,
        gives=said,
        cost=cost,
        who=who(reward),
        limit=limits(reward),
        is_active=reward.is_active,
    )


def _find(public_id: str) -> Reward:
    try:
        return queries.reward(public_id=public_id)
    except RewardNotFound as error:
        raise Http404(error.sentence) from error


@require_GET
@page
def rewards(request: AdminRequest) -> HttpResponse:
    """Lists every reward with what it gives, its cost and its status."""
    rows = [_row(reward, request.program.currency) for reward in queries.rewards()]
    return show(request, "dashboard/rewards/list.html", {"heading": _("Rewards"), "rows": rows})


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest) -> HttpResponse:
    """Adds a reward."""
    form = RewardForm(request.POST or None, program=request.program, tiers=list(tiers.ladder()))
    if request.method == "POST" and form.is_valid():
        try:
            create_reward(program=request.program, terms=terms_of(form), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal, field=form.field_of(refusal))
        else:
            return saved(request, link(request, "rewards"), _("Reward added."))
    context = {
        "heading": _("New reward"),
        "reward": None,
        "summary": summary(form, request.program.currency),
        "consequence": of_reward(form, None),
    }
    return show_form(request, "dashboard/rewards/form.html", form, context)


@require_http_methods(["GET", "POST"])
@page
def edit(request: AdminRequest, public_id: str) -> HttpResponse:
    """Changes a reward for the codes to come."""
    reward = _find(public_id)
    form = RewardForm(
        request.POST or None,
        program=request.program,
        tiers=list(tiers.ladder()),
        initial=initial_of(reward, request.program.zone),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_reward(public_id=public_id, terms=terms_of(form), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal, field=form.field_of(refusal))
        else:
            return saved(request, link(request, "rewards"), _("Reward saved."))
    context = {
        "heading": reward.name,
        "reward": _row(reward, request.program.currency),
        "summary": summary(form, request.program.currency),
        "consequence": of_reward(form, reward),
    }
    return show_form(request, "dashboard/rewards/form.html", form, context)


@require_POST
@page
def switch(request: AdminRequest, public_id: str) -> HttpResponse:
    """Turns a reward on or off."""
    reward = _find(public_id)
    switch_reward(public_id=public_id, on=not reward.is_active, now=timezone.now())
    tiers_giving = [tier.name for tier in tiers.ladder() if queries.entry_rewards().get(tier.pk) == reward]
    said = (_("“%(name)s” is off.") if reward.is_active else _("“%(name)s” is on.")) % {"name": reward.name}
    if reward.is_active and tiers_giving:
        said += " " + _("Who reaches %(tiers)s is not given it meanwhile.") % {"tiers": ", ".join(tiers_giving)}
    return saved(request, link(request, "rewards"), said)


@require_POST
@page
def move(request: AdminRequest, public_id: str) -> HttpResponse:
    """Moves a reward one place up or down in the order customers see."""
    reward, up = _find(public_id), request.POST.get("to") == UP
    move_reward(public_id=public_id, up=up, now=timezone.now())
    return saved(request, link(request, "rewards"), moved_words(reward.name, up=up))
