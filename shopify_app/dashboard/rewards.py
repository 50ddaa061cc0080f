"""Rewards: the list, and the form that makes or changes one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.errors import Refusal
from loyalty.rewards import queries
from loyalty.rewards.errors import RewardNotFound
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import change_reward, create_reward, switch_reward
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.reward_forms import RewardForm, initial_of
from shopify_app.dashboard.templatetags.encore import plain


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One line of the list."""

    public_id: str
    name: str
    gives: str
    points_cost: int
    who: str
    limit: str
    is_active: bool


def gives(discount_type: str, amount: str, currency: str) -> str:
    """What the code gives, in words."""
    return {
        Reward.DiscountType.FIXED_AMOUNT: f"{amount or '…'} {currency} off",
        Reward.DiscountType.PERCENTAGE: f"{amount or '…'}% off",
    }.get(Reward.DiscountType(discount_type), "Free shipping")


def _row(reward: Reward, currency: str) -> RewardRow:
    limit = f"{reward.max_redemptions}× per customer" if reward.max_redemptions else "No limit"
    return RewardRow(
        public_id=reward.public_id,
        name=reward.name,
        gives=gives(reward.discount_type, plain(reward.discount_amount), currency),
        points_cost=reward.points_cost,
        who=f"{reward.tier.name} members" if reward.tier else "Everyone",
        limit=limit,
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
    return show(request, "dashboard/rewards/list.html", {"heading": "Rewards", "rows": rows})


def _summary(form: RewardForm, currency: str) -> list[str]:
    """The form as sentences, for the aside."""

    def value(name: str) -> str:
        return str(form[name].value() or "")

    kind = value("discount_type")
    kind = kind if kind in Reward.DiscountType.values else Reward.DiscountType.FIXED_AMOUNT
    amount = value("percent") if kind == Reward.DiscountType.PERCENTAGE else value("amount")
    lines = [gives(kind, amount, currency), f"for {value('points_cost') or '…'} points"]
    if value("minimum_spend"):
        lines.append(f"on orders of {value('minimum_spend')} {currency} or more")
    days = value("expiry_days")
    lines.append(f"the code works for {days} days" if days else "the code never expires")
    times = value("max_redemptions")
    lines.append(f"at most {times} times per customer" if times else "as often as there are points")
    if value("tier"):
        names = dict(form.fields["tier"].choices)  # type: ignore[attr-defined]  # a ChoiceField
        lines.append(f"for {names.get(value('tier'), 'one tier')} members only")
    return lines


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest) -> HttpResponse:
    """Adds a reward."""
    form = RewardForm(request.POST or None, program=request.program, tiers=list(tiers.ladder()))
    if request.method == "POST" and form.is_valid():
        try:
            create_reward(program=request.program, terms=form.terms(), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal, field=form.field_of(refusal))
        else:
            return saved(request, link(request, "rewards"), "Reward added.")
    context = {"heading": "New reward", "reward": None, "summary": _summary(form, request.program.currency)}
    return show_form(request, "dashboard/rewards/form.html", form, context)


@require_http_methods(["GET", "POST"])
@page
def edit(request: AdminRequest, public_id: str) -> HttpResponse:
    """Changes a reward for the codes to come."""
    reward = _find(public_id)
    form = RewardForm(
        request.POST or None, program=request.program, tiers=list(tiers.ladder()), initial=initial_of(reward)
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_reward(public_id=public_id, terms=form.terms(), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal, field=form.field_of(refusal))
        else:
            return saved(request, link(request, "rewards"), "Reward saved.")
    context = {
        "heading": reward.name,
        "reward": _row(reward, request.program.currency),
        "summary": _summary(form, request.program.currency),
    }
    return show_form(request, "dashboard/rewards/form.html", form, context)


@require_POST
@page
def switch(request: AdminRequest, public_id: str) -> HttpResponse:
    """Turns a reward on or off."""
    reward = _find(public_id)
    switch_reward(public_id=public_id, on=not reward.is_active, now=timezone.now())
    return saved(request, link(request, "rewards"), f"“{reward.name}” is {'off' if reward.is_active else 'on'}.")
