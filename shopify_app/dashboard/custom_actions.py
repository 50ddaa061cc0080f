"""The page of a custom action: its form, how to call it, its keys, and the calls that awarded nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.earning import queries
from loyalty.earning.kinds import KINDS
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import change_rule, create_rule, remove_alias
from loyalty.errors import Refusal
from loyalty.programs.plans import Feature
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.consequences import of_rule
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.paging import paged
from shopify_app.dashboard.plan_lock import lock_of
from shopify_app.dashboard.rule_forms import CustomActionForm, TryForm
from shopify_app.dashboard.rule_terms import initial_of, rule_or_404, summary, terms_of

SHOWN_CALLS = 5


@dataclass(frozen=True, slots=True)
class RuleView:
    """What the page shows of a stored action."""

    public_id: str
    number: int
    action_key: str
    frequency: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that finds this action, and when it was last called."""

    key: str
    is_alias: bool
    last_called_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What "Try it" has just answered."""

    tone: str
    heading: str
    text: str
    answer: str
    award_id: str


def curl(action_key: str, *, is_unlimited: bool) -> str:
    """A call of this action, ready to paste once the key is filled in."""
    body: dict[str, str] = {"action_key": action_key, "customer_email": "customer@example.com"}
    if is_unlimited:
        body["idempotency_key"] = "the-id-of-the-real-event"
    return (
        f"curl -X POST {settings.APP_URL}/v1/actions \\\n"
        '  -H "Authorization: Bearer YOUR_API_KEY" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d '{json.dumps(body)}'"
    )


def _keys(rule: EarningRule) -> list[KeyRow]:
    called = queries.last_called(rule_id=rule.pk)
    present = str(rule.action_key)
    aliases = queries.aliases_of(rule_id=rule.pk)
    return [KeyRow(present, False, called.get(present)), *(KeyRow(key, True, called.get(key)) for key in aliases)]


def _summary(form: CustomActionForm) -> list[str]:
    return summary(form, KINDS["custom"])


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest) -> HttpResponse:
    """Adds a custom action and leads to its page, where the ways to call it stand."""
    form = CustomActionForm(request.POST or None)
    lock = lock_of(request, Feature.CUSTOM_ACTIONS)
    if request.method == "POST" and lock is not None:
        form.add_error(None, lock.sentence)
    if request.method == "POST" and form.is_valid():
        try:
            rule = create_rule(
                program=request.program, action="custom", terms=terms_of(form.cleaned_data), now=timezone.now()
            )
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(
                request, link(request, "rule", rule.public_id), _("Custom action added. Now call it or try it.")
            )
    context = {
        "heading": _("New custom action"),
        "lock": lock,
        "rule": None,
        "summary": _summary(form),
        "consequence": of_rule(form, None, request.program),
    }
    return show_form(request, "dashboard/rules/action_form.html", form, context)


def edit(request: AdminRequest, rule: EarningRule) -> HttpResponse:
    """Changes a custom action; called by `rules.edit` behind the same gate."""
    form = CustomActionForm(request.POST or None, initial=initial_of(rule, CustomActionForm))
    if request.method == "POST" and form.is_valid():
        data = {"description": rule.description, **form.cleaned_data}
        try:
            change_rule(public_id=rule.public_id, terms=terms_of(data), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            is_renamed = data["action_key"] != rule.action_key
            renamed = _("Saved. The old key %(key)s keeps working as an alias.") % {"key": rule.action_key}
            message = renamed if is_renamed else _("Saved.")
            return saved(request, link(request, "rule", rule.public_id), message)
    return show_action(request, rule, form, TryForm())


def show_action(
    request: AdminRequest, rule: EarningRule, form: CustomActionForm, try_form: TryForm, tried: Tried | None = None
) -> HttpResponse:
    """Renders the page of a stored action, with what "Try it" has just answered where it has."""
    context: dict[str, Any] = {
        "heading": rule.name,
        "lock": lock_of(request, Feature.CUSTOM_ACTIONS),
        "rule": RuleView(rule.public_id, rule.pk, str(rule.action_key), rule.frequency),
        "summary": _summary(form),
        "consequence": of_rule(form, rule, request.program),
        "curl": curl(str(rule.action_key), is_unlimited=rule.frequency == EarningRule.Frequency.UNLIMITED),
        "keys": _keys(rule),
        "calls": queries.unsuccessful_calls(rule_id=rule.pk, limit=SHOWN_CALLS),
        "try_form": try_form,
        "tried": tried,
        "form": form,
    }
    status = 422 if form.errors or try_form.errors else 200
    return show(request, "dashboard/rules/action_form.html", context, status=status)


@require_POST
@page
def forget_alias(request: AdminRequest, public_id: str, key: str) -> HttpResponse:
    """Stops an old key from working."""
    rule = rule_or_404(public_id)
    remove_alias(public_id=rule.public_id, key=key)
    return saved(request, link(request, "rule", rule.public_id), _("The key %(key)s no longer works.") % {"key": key})


@require_GET
@page
def calls(request: AdminRequest) -> HttpResponse:
    """Lists every call that awarded nothing, with its reason."""
    rows, pager = paged(request, queries.calls())
    return show(
        request, "dashboard/rules/calls.html", {"heading": _("Calls without award"), "rows": rows, "pager": pager}
    )
