"""Integrations: a card per partner. Klaviyo's key is tested at once and shown masked from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from loyalty.errors import Refusal
from loyalty.integrations import queries
from loyalty.integrations.models import Connection
from loyalty.integrations.operations import connect as connect_vendor
from loyalty.integrations.operations import disconnect as disconnect_vendor
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show
from shopify_app.dashboard.polaris import PolarisForm

KLAVIYO = Connection.Vendor.KLAVIYO
# What Flow lists of Encore. The manifests stand above this package, so a test holds the two together.
FLOW_STEPS = (
    "Award custom action", "Add points", "Remove points", "Approve pending points", "Reward points for reviews",
    "Assign VIP tier", "Issue reward", "Add store credits", "Remove store credits",
)  # fmt: skip
FLOW_TRIGGERS = (
    "Loyalty sign up", "Loyalty points earned", "Loyalty points redeemed", "Loyalty credits earned", "Loyalty VIP tier achieved",
    "Customer birthday reached", "Referral reward created", "Referred reward created", "Loyalty points expiry approached",
    "Loyalty points approved", "Loyalty VIP tier lost", "Loyalty reward used",
)  # fmt: skip


class KlaviyoForm(PolarisForm):
    """A private API key."""

    key = forms.CharField(
        label="Private API key",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "placeholder": "pk_…"}),
        help_text="In Klaviyo: Settings, API keys, Create private key, full access to events and profiles.",
        error_messages={"required": "Paste the private API key; it starts with pk_."},
    )

    def clean_key(self) -> str:
        """A public key can't send events; say so before Klaviyo does."""
        key: str = self.cleaned_data["key"].strip()
        if not key.startswith("pk_"):
            raise forms.ValidationError(
                "A private key starts with pk_. The six-character public key can't send events."
            )
        return key


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as its card shows it: never the key itself."""

    is_connected: bool
    needs_reconnect: bool
    account_name: str
    hint: str
    last_error: str
    last_success_at: datetime | None


def _view(connection: Connection | None) -> ConnectionView:
    if connection is None:
        return ConnectionView(False, False, "", "", "", None)
    return ConnectionView(
        is_connected=connection.state == Connection.State.ACTIVE,
        needs_reconnect=connection.state == Connection.State.NEEDS_RECONNECT,
        account_name=connection.account_name,
        hint=connection.credential_hint,
        last_error=connection.last_error,
        last_success_at=connection.last_success_at,
    )


def _show(request: AdminRequest, form: KlaviyoForm) -> HttpResponse:
    context = {
        "heading": "Integrations",
        "klaviyo": _view(queries.connection(vendor=KLAVIYO)),
        "form": form,
        "flow_steps": FLOW_STEPS,
        "flow_triggers": FLOW_TRIGGERS,
    }
    return show(request, "dashboard/integrations/list.html", context, status=422 if form.errors else 200)


@require_GET
@page
def integrations(request: AdminRequest) -> HttpResponse:
    """Shows the cards."""
    return _show(request, KlaviyoForm())


@require_POST
@page
def connect(request: AdminRequest) -> HttpResponse:
    """Tests the key with Klaviyo and stores it only if Klaviyo takes it."""
    form = KlaviyoForm(request.POST)
    if form.is_valid():
        try:
            connect_vendor(program=request.program, vendor=KLAVIYO, key=form.cleaned_data["key"], now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal, field="key")
        else:
            return saved(request, link(request, "integrations"), "Klaviyo is connected.")
    return _show(request, form)


@require_POST
@page
def disconnect(request: AdminRequest) -> HttpResponse:
    """Forgets the key; nothing is sent any more."""
    disconnect_vendor(program=request.program, vendor=KLAVIYO, now=timezone.now())
    return saved(request, link(request, "integrations"), "Klaviyo is disconnected.")
