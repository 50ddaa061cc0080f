"""Webhooks: the merchant's own systems hear of what happens. Secrets are shown once; a test is sent and answered at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loyalty.errors import NotFound, Refusal
from loyalty.integrations.webhooks import operations, queries
from loyalty.integrations.webhooks.mapping import EVENTS
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.replaying import replay_since
from loyalty.integrations.webhooks.trying import send_test
from loyalty.outbox.ports import Done, Outcome
from loyalty.programs.calendar import midnight
from loyalty.programs.plans import Feature
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.plan_lock import lock_of
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput
from shopify_app.dashboard.reading import number

LABELS = {
    "points.earned": gettext_lazy("Points earned"),
    "points.redeemed": gettext_lazy("Points redeemed"),
    "customer.tier_upgrade": gettext_lazy("Member rose to a tier"),
    "customer.tier_downgrade": gettext_lazy("Member fell to a tier"),
    "encore.points_approved": gettext_lazy("Waiting points approved"),
    "encore.points_rejected": gettext_lazy("Waiting points rejected"),
    "encore.points_reversed": gettext_lazy("Points taken back"),
    "encore.points_expiring": gettext_lazy("Points about to expire"),
    "encore.points_expired": gettext_lazy("Points expired"),
    "encore.member_enrolled": gettext_lazy("Member joined"),
    "encore.redemption_failed": gettext_lazy("Reward failed, points returned"),
    "encore.reward_used": gettext_lazy("Reward used in an order"),
    "encore.referral_completed": gettext_lazy("Referral completed"),
}


class SubscriptionForm(PolarisForm):
    """An address and what it hears."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2048,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/encore"}),
        help_text=gettext_lazy("A public https address of your own system."),
        error_messages={"required": gettext_lazy("Enter the address that should hear of it.")},
    )
    description = forms.CharField(label=gettext_lazy("What it is for"), required=False, max_length=500)
    events = forms.MultipleChoiceField(
        label=gettext_lazy("It hears of"),
        choices=list(LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one event.")},
    )
    keeps_trying = forms.BooleanField(
        label=gettext_lazy("Keep trying for three days"),
        required=False,
        widget=SwitchInput,
        help_text=gettext_lazy(
            "Otherwise what fails is sent three times more within the hour. Nothing is lost either way: it can be replayed."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("On"), required=False, initial=True, widget=SwitchInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.choice_details("events", {name: name for name in LABELS})

    def terms(self) -> dict[str, Any]:
        """The terms a valid form holds."""
        return {**self.cleaned_data, "description": self.cleaned_data["description"] or None}


class ReplayForm(PolarisForm):
    """From which day on."""

    since = forms.DateField(
        label=gettext_lazy("From the beginning of"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Enter a date.")},
    )
    also_delivered = forms.BooleanField(
        label=gettext_lazy("Also what arrived"),
        required=False,
        widget=forms.CheckboxInput,
        help_text=gettext_lazy("For a receiver that has lost it. Each event keeps its id."),
    )


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One line of the list."""

    public_id: str
    host: str
    url: str
    description: str
    events: str
    label: str
    tone: str
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a receiver said to a test."""

    is_success: bool
    sentence: str
    answer: str


def _row(row: WebhookSubscription, now: datetime) -> SubscriptionRow:
    label, tone = (_("On"), "success") if row.is_active else (_("Off"), "neutral")
    if row.is_active and row.failing_since is not None:
        label, tone = (
            (_("Failing"), "critical") if now - row.failing_since >= queries.TOLD_AFTER else (_("Retrying"), "warning")
        )
    words = [str(LABELS[name]) for name in row.events if name in LABELS]
    return SubscriptionRow(
        public_id=row.public_id,
        host=urlsplit(row.url).hostname or row.url,
        url=row.url,
        description=row.description or "",
        events=", ".join(words[:2])
        + (_(" and %(number)s more") % {"number": len(words) - 2} if len(words) > 2 else ""),
        label=label,
        tone=tone,
        last_success_at=row.last_success_at,
    )


@require_GET
@page
def webhooks(request: AdminRequest) -> HttpResponse:
    """Lists the subscriptions; those that have failed for a day are named above."""
    now = timezone.now()
    context = {
        "heading": _("Webhooks"),
        "rows": [_row(row, now) for row in queries.subscriptions()],
        "failing": [_row(row, now) for row in queries.failing(now=now)],
        "lock": lock_of(request, Feature.WEBHOOKS),
    }
    return show(request, "dashboard/webhooks/list.html", context)


@require_http_methods(["GET", "POST"])
@page
def create(request: AdminRequest) -> HttpResponse:
    """Adds a subscription and shows its secret, this once."""
    form = SubscriptionForm(request.POST or None, initial={"is_active": True, "events": ["points.earned"]})
    lock = lock_of(request, Feature.WEBHOOKS)
    if request.method == "POST" and lock is not None:
        form.add_error(None, lock.sentence)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = operations.create_subscription(program=request.program, now=timezone.now(), **form.terms())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return _detail(request, made.public_id, secret=secret)
    return show_form(
        request, "dashboard/webhooks/form.html", form, {"heading": _("New webhook"), "row": None, "lock": lock}
    )


@require_http_methods(["GET", "POST"])
@page
def edit(request: AdminRequest, public_id: str) -> HttpResponse:
    """Shows a subscription, and changes it."""
    form = SubscriptionForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        _find(public_id)
        try:
            operations.change_subscription(public_id=public_id, changes=form.terms(), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "webhooks"), _("Webhook saved."))
    return _detail(request, public_id, form=form)


@require_POST
@page
def rotate(request: AdminRequest, public_id: str) -> HttpResponse:
    """Replaces the secret and shows the new one, this once."""
    _find(public_id)
    _hook, secret = operations.rotate_secret(public_id=public_id, now=timezone.now())
    return _detail(request, public_id, secret=secret)


@require_POST
@page
def delete(request: AdminRequest, public_id: str) -> HttpResponse:
    """Ends a subscription; its deliveries stay in the log."""
    _find(public_id)
    operations.delete_subscription(public_id=public_id)
    return saved(request, link(request, "webhooks"), _("The webhook is deleted."))


@require_POST
@page
def test(request: AdminRequest, public_id: str) -> HttpResponse:
    """Sends a made-up event at once and shows what came back."""
    row = _find(public_id)
    name = request.POST.get("event") or row.events[0]
    try:
        outcome = send_test(program=request.program, public_id=public_id, name=name, now=timezone.now())
    except Refusal as refusal:
        return saved(request, link(request, "webhook", public_id), refusal.sentence, is_error=True)
    return _detail(request, public_id, result=_result(outcome))


@require_POST
@page
def replay(request: AdminRequest, public_id: str) -> HttpResponse:
    """Puts what was missed since a day on its way again."""
    _find(public_id)
    form = ReplayForm(request.POST)
    if form.is_valid():
        since = midnight(form.cleaned_data["since"], zone=request.program.zone)
        try:
            done = replay_since(
                public_id=public_id, since=since, also_delivered=form.cleaned_data["also_delivered"], now=timezone.now()
            )
        except Refusal as refusal:
            attach(form, refusal, field="since")
        else:
            words = (
                _("%(queued)s on their way.") % {"queued": number(done.queued)}
                if done.queued
                else _("Nothing was missed since then.")
            )
            more = _(" There are more: replay again in a minute.") if done.has_more else ""
            return saved(request, link(request, "webhook", public_id), words + more)
    return _detail(request, public_id, replay_form=form)


def _detail(
    request: AdminRequest,
    public_id: str,
    *,
    form: SubscriptionForm | None = None,
    replay_form: ReplayForm | None = None,
    secret: str = "",
    result: TestResult | None = None,
) -> HttpResponse:
    row = _find(public_id)
    names = ("url", "events", "is_active", "keeps_trying")
    initial = {**{name: getattr(row, name) for name in names}, "description": row.description or ""}
    context = {
        "heading": urlsplit(row.url).hostname or _("Webhook"),
        "row": _row(row, timezone.now()),
        "form": form or SubscriptionForm(initial=initial),
        "replay_form": replay_form or ReplayForm(),
        "secret": secret,
        "result": result,
        "tests": [(name, LABELS[name]) for name in row.events if name in EVENTS],
    }
    is_refused = bool((form and form.errors) or (replay_form and replay_form.errors))
    return show(request, "dashboard/webhooks/form.html", context, status=422 if is_refused else 200)


def _result(outcome: Outcome) -> TestResult:
    answered = _("It answered %(status)s.") % {"status": outcome.status} if outcome.status else f"{outcome.error}."
    return TestResult(isinstance(outcome, Done), answered, outcome.response)


def _find(public_id: str) -> WebhookSubscription:
    try:
        return queries.subscription(public_id=public_id)
    except NotFound as error:
        raise Http404(error.sentence) from error
