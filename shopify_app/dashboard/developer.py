"""Settings > Developer: API keys, shown once, watched by their last use, revoked one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import NotFound, Refusal
from loyalty.programs import queries
from loyalty.programs.calendar import midnight
from loyalty.programs.models import ApiKey
from loyalty.programs.operations import create_api_key, revoke_api_key
from loyalty.programs.plans import Feature, requests_per_second
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show
from shopify_app.dashboard.plan_lock import lock_of
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput


class KeyForm(PolarisForm):
    """A new key."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Which system uses it, for example “App backend”."),
        error_messages={"required": gettext_lazy("Name the key after the system that uses it.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("It may"),
        choices=[("full", gettext_lazy("Read and write")), ("read_only", gettext_lazy("Read only"))],
        initial="full",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the key may do.")},
    )

    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=gettext_lazy("It works through the end of that day. Left empty: until you revoke it."),
        error_messages={"invalid": gettext_lazy("Enter a date.")},
    )
    may_set_points = forms.BooleanField(
        label=gettext_lazy("It may set the points of custom actions"),
        required=False,
        widget=SwitchInput,
        help_text=gettext_lazy("Where the action allows it, up to the action's own limit. Off for almost every key."),
    )

    def terms(self, zone: ZoneInfo) -> dict[str, Any]:
        """The terms a valid form holds."""
        data = self.cleaned_data
        last = data["expires_on"]
        return {
            "name": data["name"],
            "scope": data["scope"],
            "may_set_points": data["may_set_points"],
            "expires_at": midnight(last + timedelta(days=1), zone=zone) if last else None,
        }


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as the list shows it."""

    id: int
    name: str
    prefix: str
    scope_label: str
    is_usable: bool
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    requests_per_second: int
    may_set_points: bool
    revoked_at: datetime | None


def _rows(now: datetime) -> list[KeyRow]:
    return [
        KeyRow(
            id=key.pk,
            name=key.name,
            prefix=key.prefix,
            scope_label=_("Read and write") if key.scope == ApiKey.Scope.FULL else _("Read only"),
            is_usable=key.is_usable(now=now),
            created_at=key.created_at,
            last_used_at=key.last_used_at,
            expires_at=key.expires_at,
            requests_per_second=key.requests_per_second,
            may_set_points=key.may_set_points,
            revoked_at=key.revoked_at,
        )
        for key in queries.api_keys()
    ]


@require_http_methods(["GET", "POST"])
@page
def developer(request: AdminRequest) -> HttpResponse:
    """Lists the keys; a POST makes one and answers with the page that shows it, this once."""
    form, secret, now = KeyForm(request.POST or None), "", timezone.now()
    lock = lock_of(request, Feature.REST_API)
    if request.method == "POST" and lock is not None:
        form.add_error(None, lock.sentence)
    if request.method == "POST" and form.is_valid():
        rate = requests_per_second(request.program.plan)
        terms = form.terms(request.program.zone)
        try:
            _key, secret = create_api_key(program=request.program, requests_per_second=rate, now=now, **terms)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            form = KeyForm()
    context = {"heading": _("Developer"), "form": form, "secret": secret, "rows": _rows(now), "lock": lock}
    return show(request, "dashboard/settings/developer.html", context, status=422 if form.errors else 200)


@require_POST
@page
def revoke(request: AdminRequest, key_id: int) -> HttpResponse:
    """Ends a key; calls with it are refused at once."""
    try:
        revoke_api_key(key_id=key_id, now=timezone.now())
    except NotFound as error:
        raise Http404(error.sentence) from error
    return saved(request, link(request, "developer"), _("The key is revoked."))
