"""Settings > General: the programme on or off, expiry of points, and the compatible form of test mode."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from loyalty.errors import Refusal
from loyalty.members import queries as members
from loyalty.programs.models import Program
from loyalty.programs.operations import Settings, change_settings
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput


class SettingsForm(PolarisForm):
    """What a merchant decides about the programme as a whole."""

    is_enabled = forms.BooleanField(
        label="Programme switched on",
        required=False,
        widget=SwitchInput,
        help_text="Off: nobody earns or redeems and nothing fails; calls are answered as skipped. Balances stay.",
    )
    points_expiry_enabled = forms.BooleanField(label="Points expire", required=False, widget=SwitchInput)
    points_expiry_days = forms.IntegerField(
        label="After",
        required=False,
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"suffix": "days"}),
        help_text="Counted from the day points can be spent. A change concerns points earned from now on.",
        error_messages={
            "invalid": "Enter a whole number of days.",
            "min_value": "Points live at least 1 day.",
            "max_value": "At most 3,650 days.",
        },
    )
    tier_multiplier_scope = forms.ChoiceField(
        label="A tier multiplies",
        choices=Program.MultiplierScope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what a tier multiplies."},
    )
    code_prefix = forms.CharField(
        label="Discount codes begin with",
        max_length=20,
        required=False,
        help_text="Letters, digits, - and _. Eight characters follow. Codes already issued stay as they are.",
        error_messages={"max_length": "Use at most 20 characters."},
    )
    test_mode = forms.BooleanField(label="Restrict to test customers", required=False, widget=SwitchInput)
    test_mode_emails = forms.CharField(
        label="Test customers",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="E-mail addresses of existing members, one per line.",
    )
    is_confirmed = forms.BooleanField(label="I understand that nobody else earns meanwhile", required=False)

    def __init__(self, *args: Any, was_on: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_on = was_on

    @property
    def asks_confirmation(self) -> bool:
        """Whether the box must be ticked: the merchant is switching test mode on."""
        return self.is_bound and not self.was_on and bool(self.data.get("test_mode"))

    def clean_test_mode_emails(self) -> list[str]:
        """Addresses split, trimmed, in lower case, each of them a member."""
        addresses = [part.lower() for part in re.split(r"[\s,;]+", self.cleaned_data["test_mode_emails"]) if part]
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise forms.ValidationError(f"{address} is no e-mail address.") from error
            if not members.members().filter(email=address).exists():
                raise forms.ValidationError(f"{address} is not a member. Test customers must be enrolled already.")
        return list(dict.fromkeys(addresses))

    def clean(self) -> dict[str, Any]:
        """Days where points expire; a list and a yes where test mode begins."""
        data: dict[str, Any] = super().clean() or {}
        if (
            data.get("points_expiry_enabled")
            and not data.get("points_expiry_days")
            and "points_expiry_days" not in self.errors
        ):
            self.add_error("points_expiry_days", "Enter after how many days points expire.")
        if data.get("test_mode") and "test_mode_emails" in data and not data["test_mode_emails"]:
            self.add_error("test_mode_emails", "List at least one test customer.")
        if self.asks_confirmation and not data.get("is_confirmed"):
            self.add_error("is_confirmed", "Confirm that everybody who is not listed earns nothing.")
        return data


def _initial(program: Program) -> dict[str, Any]:
    return {
        "is_enabled": program.is_enabled,
        "points_expiry_enabled": program.points_expiry_enabled,
        "points_expiry_days": program.points_expiry_days,
        "tier_multiplier_scope": program.tier_multiplier_scope,
        "code_prefix": program.code_prefix,
        "test_mode": program.test_mode != Program.TestMode.OFF,
        "test_mode_emails": "\n".join(program.test_mode_emails),
    }


def _settings(form: SettingsForm, program: Program) -> Settings:
    """The settings a valid form holds; what it does not show stays."""
    data = form.cleaned_data
    return Settings(
        is_enabled=data["is_enabled"],
        points_expiry_enabled=data["points_expiry_enabled"],
        points_expiry_days=data["points_expiry_days"] or program.points_expiry_days,
        tier_multiplier_scope=data["tier_multiplier_scope"],
        refund_policy=program.refund_policy,
        test_mode=Program.TestMode.RESTRICT if data["test_mode"] else Program.TestMode.OFF,
        test_mode_emails=data["test_mode_emails"],
        code_prefix=data["code_prefix"],
    )


@require_http_methods(["GET", "POST"])
@page
def general(request: AdminRequest) -> HttpResponse:
    """Shows and changes the programme's settings."""
    program = request.program
    form = SettingsForm(
        request.POST or None, initial=_initial(program), was_on=program.test_mode != Program.TestMode.OFF
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(program_id=program.pk, settings=_settings(form, program), now=timezone.now())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "settings"), "Settings saved.")
    context = {"heading": "Settings", "members_count": members.count(), "ask_confirmation": form.asks_confirmation}
    return show_form(request, "dashboard/settings/general.html", form, context)
