"""Earning rules: the list, the choice of a kind, and the form of the ready-made kinds."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.earning import queries
from loyalty.earning.kinds import KINDS, Category, Kind
from loyalty.earning.limits import words
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import change_rule, create_rule, move_rule, switch_rule
from loyalty.errors import Refusal
from loyalty.programs.plans import Feature
from shopify_app.dashboard import custom_actions
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.consequences import of_rule
from shopify_app.dashboard.pages import UP, attach, link, moved_words, saved, show, show_form
from shopify_app.dashboard.plan_lock import lock_of
from shopify_app.dashboard.rule_forms import kind_form
from shopify_app.dashboard.rule_gallery import groups_of
from shopify_app.dashboard.rule_terms import initial_of, rule_or_404, summary, terms_of


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of the list."""

    public_id: str
    name: str
    action_key: str | None
    points: int
    is_per_currency_unit: bool
    limit: str
    kind: str
    is_active: bool


def kind_of(rule: EarningRule) -> Kind:
    """The kind of a stored rule; a kind this version does not know keeps its own words."""
    return KINDS.get(rule.action) or Kind(rule.action, Category(rule.category), rule.name, rule.points, "star")


def _limit(rule: EarningRule) -> str:
    if rule.limit is not None:
        return words(rule.limit)
    once = _("Once per customer") if rule.frequency == EarningRule.Frequency.ONCE else _("Every time")
    often = kind_of(rule).how_often
    return _(often) if often else once


@require_GET
@page
def rules(request: AdminRequest) -> HttpResponse:
    """Lists every rule with its value, limit and status."""
    rows = [
        RuleRow(
            public_id=rule.public_id,
            name=rule.name,
            action_key=rule.action_key,
            points=rule.points,
            is_per_currency_unit=rule.action == "place_order" and rule.options.get("per") != "fixed",
            limit=_limit(rule),
            kind=_(kind_of(rule).label),
            is_active=rule.is_active,
        )
        for rule in queries.rules()
    ]
    return show(request, "dashboard/rules/list.html", {"heading": _("Earning rules"), "rows": rows})


@require_GET
@page
def choose(request: AdminRequest) -> HttpResponse:
    """Offers the kinds of rules that earn today; what the plan lacks is labelled."""
    context = {
        "heading": _("Add earning rule"),
        "groups": groups_of(request, queries.rules(), lock=lock_of(request, Feature.CUSTOM_ACTIONS)),
    }
    return show(request, "dashboard/rules/choose.html", context)


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest, action: str) -> HttpResponse:
    """Adds a rule of a ready-made kind."""
    kind = KINDS.get(action)
    if kind is None or kind.action == "custom":
        raise Http404("No such kind of rule can be added")
    begin = {"name": _(kind.label), "points": kind.suggested_points, "approval_days": kind.suggested_approval_days}
    form = kind_form(kind)(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            create_rule(program=request.program, action=action, terms=terms_of(form.cleaned_data), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "rules"), _("Earning rule added."))
    context = {
        "heading": _(kind.label),
        "kind": kind,
        "summary": summary(form, kind),
        "consequence": of_rule(form, None, request.program),
    }
    return show_form(request, "dashboard/rules/form.html", form, context)


@require_http_methods(["GET", "POST"])
@page
def edit(request: AdminRequest, public_id: str) -> HttpResponse:
    """Changes a rule; a custom action has a page of its own behind the same address."""
    rule = rule_or_404(public_id)
    if rule.is_custom_action:
        return custom_actions.edit(request, rule)
    form_class = kind_form(kind_of(rule))
    form = form_class(request.POST or None, initial=initial_of(rule, form_class))
    if request.method == "POST" and form.is_valid():
        # What this form does not show stays as it is.
        kept = {
            "frequency": rule.frequency,
            "description": rule.description,
            "is_hidden_on_storefront": rule.is_hidden_on_storefront,
        }
        try:
            change_rule(public_id=public_id, terms=terms_of({**kept, **form.cleaned_data}), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "rules"), _("Earning rule saved."))
    context = {
        "heading": rule.name,
        "kind": kind_of(rule),
        "summary": summary(form, kind_of(rule)),
        "rule_number": rule.pk,
        "consequence": of_rule(form, rule, request.program),
    }
    return show_form(request, "dashboard/rules/form.html", form, context)


@require_POST
@page
def switch(request: AdminRequest, public_id: str) -> HttpResponse:
    """Turns a rule on or off."""
    rule = rule_or_404(public_id)
    switch_rule(public_id=public_id, on=not rule.is_active, now=timezone.now())
    return saved(
        request,
        link(request, "rules"),
        (_("“%(name)s” is off.") if rule.is_active else _("“%(name)s” is on.")) % {"name": rule.name},
    )


@require_POST
@page
def move(request: AdminRequest, public_id: str) -> HttpResponse:
    """Moves a rule one place up or down in the order customers see."""
    rule, up = rule_or_404(public_id), request.POST.get("to") == UP
    move_rule(public_id=public_id, up=up, now=timezone.now())
    return saved(request, link(request, "rules"), moved_words(rule.name, up=up))
