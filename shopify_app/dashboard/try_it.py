"""Try it: fires a custom action once, for real, for one chosen member, shows the answer and takes it back."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loyalty.earning import queries as earning
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, award
from loyalty.earning.operations import undo as undo_award
from loyalty.earning.results import AwardResult
from loyalty.errors import Refusal
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.custom_actions import Tried, show_action
from shopify_app.dashboard.pages import link, saved
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.rule_forms import CustomActionForm, TryForm
from shopify_app.dashboard.rule_terms import initial_of, rule_or_404


def customer_reference(text: str) -> CustomerReference:
    """Reads what a merchant types for a customer: digits are the Shopify id, anything else an e-mail address."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return CustomerReference(shopify_customer_id=int(text))
    return CustomerReference(email=text.lower())


def _refused(refusal: Refusal) -> Tried:
    answer = {"error": {"code": refusal.code, "message": refusal.sentence}}
    return Tried("warning", _("Refused"), f"{refusal.sentence}.", json.dumps(answer, indent=2), "")


def _answered(result: AwardResult) -> Tried:
    answer = {
        "id": result.public_id,
        "status": result.status,
        "points": result.points,
        "base_points": str(result.base_points),
        "points_multiplier": str(result.multiplier),
        "points_balance": result.balance,
        "skip_reason": result.skip_reason,
        "replayed": result.replayed,
    }
    text = json.dumps(answer, indent=2)
    if result.skip_reason is not None:
        return Tried(
            "info",
            _("Skipped"),
            _("Reason: %(reason)s.") % {"reason": str(result.skip_reason).replace("_", " ")},
            text,
            "",
        )
    if result.replayed:
        heading = _("This was tried already")
        return Tried(
            "info", heading, _("The answer is the first one again; nothing was added."), text, result.public_id
        )
    said = _("%(points)s points pending") if result.status == "pending" else _("%(points)s points given")
    balance = _("The balance is %(points)s points.") % {"points": number(result.balance)}
    return Tried("success", said % {"points": number(result.points)}, balance, text, result.public_id)


@require_POST
@page
def try_it(request: AdminRequest, public_id: str) -> HttpResponse:
    """Fires the action once for a member and shows the answer on the action's page, with the way back."""
    rule = rule_or_404(public_id)
    form, try_form = CustomActionForm(initial=initial_of(rule, CustomActionForm)), TryForm(request.POST)
    tried = None
    if try_form.is_valid():
        now = timezone.now()
        activity = Activity(
            rule=RuleReference(action_key=rule.action_key),
            customer=customer_reference(try_form.cleaned_data["customer"]),
            source="staff",
            actor=request.actor,
            occurred_at=now,
            key=try_form.cleaned_data["once"] or None,
            key_scope="staff",
            metadata={"tried_by": request.actor},
        )
        try:
            result = award(activity=activity, program_id=request.program.pk, now=now)
        except Refusal as refusal:
            tried = _refused(refusal)
        else:
            tried = _answered(result)
        # a fresh form: its one-time key must not make the next try a repeat of this one
        try_form = TryForm(initial={"customer": try_form.cleaned_data["customer"]})
    return show_action(request, rule, form, try_form, tried)


@require_POST
@page
def undo(request: AdminRequest, public_id: str, award_id: str) -> HttpResponse:
    """Takes an award made by "Try it" back, as if it had not been; any other award is not to be found here."""
    rule = rule_or_404(public_id)
    if not earning.was_tried(public_id=award_id, rule_id=rule.pk):
        raise Http404("No such award was tried here")
    try:
        undo_award(public_id=award_id, now=timezone.now(), actor=request.actor)
    except Refusal as refusal:
        return saved(request, link(request, "rule", rule.public_id), refusal.sentence, is_error=True)
    return saved(
        request,
        link(request, "rule", rule.public_id),
        _("Taken back: the points are gone and the action can be earned again."),
    )
