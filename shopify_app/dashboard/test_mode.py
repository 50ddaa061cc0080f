"""Settings > Test mode: which form, for whom, and taking tests back; what others missed is on a page of its own."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import Refusal
from loyalty.members.queries import members
from loyalty.programs.models import Program
from loyalty.skips.queries import waiting_count
from loyalty.test_mode import queries
from loyalty.test_mode.operations import ModeTerms, begin_clean_up, change_test_mode
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.clean_up import clean_up_view
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput
from shopify_app.dashboard.reading import number

_Mode = Program.TestMode


class ModeForm(PolarisForm):
    """How the programme is tried out. Switching to the form that pauses everybody else asks for a yes."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            (_Mode.SHADOW, gettext_lazy("Shadow test")),
            (_Mode.RESTRICT, gettext_lazy("Restrict to test customers")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the programme is tried out.")},
    )
    emails = forms.CharField(
        label=gettext_lazy("Test customers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("E-mail addresses of existing members, one per line."),
    )
    sends_test_events = forms.BooleanField(
        label=gettext_lazy("Send test events"),
        required=False,
        widget=SwitchInput,
        help_text=gettext_lazy(
            "To marketing platforms, Flow and webhooks. Off: each is listed under Deliveries as skipped."
        ),
    )
    is_confirmed = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new_restriction = program.test_mode != _Mode.RESTRICT
        self.choice_details(
            "mode",
            {
                _Mode.SHADOW: _(
                    "For any store. The listed members earn and redeem as usual, everything they do is marked as a "
                    "test, and one button takes it all back. Everybody else goes on as before."
                ),
                _Mode.RESTRICT: _(
                    "For a store that has not launched. The listed members earn and redeem; everybody else earns "
                    "nothing until test mode is off. What they miss is listed and can be awarded then."
                ),
            },
        )
        affected = queries.affected_by_restricting(emails=self._addresses(), now=timezone.now())
        self.fields["is_confirmed"].label = _(
            "I understand that this pauses earning for %(members)s, of whom %(earned_lately)s earned in the last 30 days"
        ) % {"members": _people(affected.members), "earned_lately": number(affected.earned_lately)}

    def _addresses(self) -> list[str]:
        text = self.data.get("emails", "") if self.is_bound else self.initial.get("emails", "")
        return list(dict.fromkeys(part.lower() for part in re.split(r"[\s,;]+", str(text)) if part))

    def clean_emails(self) -> list[str]:
        """Addresses split, trimmed and in lower case; whether they are members' is the operation's to judge."""
        addresses = self._addresses()
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise forms.ValidationError(_("%(address)s is no e-mail address.") % {"address": address}) from error
        return addresses

    def clean(self) -> dict[str, Any]:
        """A yes where everybody else is about to be paused."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == _Mode.RESTRICT and self.is_new_restriction and not data.get("is_confirmed"):
            self.add_error("is_confirmed", _("Confirm that everybody who is not listed earns nothing meanwhile."))
        return data


def _people(members: int) -> str:
    return ngettext("%(number)s member", "%(number)s members", members) % {"number": number(members)}


def _initial(program: Program) -> dict[str, Any]:
    return {
        # The form that pauses nobody is the one that is offered.
        "mode": program.test_mode if program.test_mode != _Mode.OFF else _Mode.SHADOW,
        "emails": "\n".join(program.test_mode_emails),
        "sends_test_events": program.sends_test_events,
    }


@require_http_methods(["GET", "POST"])
@page
def test_mode(request: AdminRequest) -> HttpResponse:
    """Shows and changes test mode."""
    program, now = request.program, timezone.now()
    form = ModeForm(request.POST or None, initial=_initial(program), program=program)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        terms = ModeTerms(data["mode"], data["emails"], sends_test_events=data["sends_test_events"])
        try:
            change_test_mode(program_id=program.pk, terms=terms, now=now)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            word = _("Test mode is on.") if program.test_mode == _Mode.OFF else _("Test mode saved.")
            return saved(request, link(request, "test_mode"), word)
    listed = members().filter(email__in=program.test_mode_emails).order_by("email")
    context = {
        "heading": _("Test mode"),
        "is_on": program.test_mode != _Mode.OFF,
        "is_shadow": program.test_mode == _Mode.SHADOW,
        "asks_confirmation": form.is_new_restriction,
        "listed": list(listed),
        "clean_up": clean_up_view(now),
        "missed": waiting_count(),
        "test_notice": None,  # the page says it all
    }
    return show_form(request, "dashboard/settings/test_mode.html", form, context)


@require_POST
@page
def switch_off(request: AdminRequest) -> HttpResponse:
    """Ends test mode; who is listed is kept for the next time. What tests gave stays until it is taken back."""
    program = request.program
    terms = ModeTerms(_Mode.OFF, program.test_mode_emails, sends_test_events=program.sends_test_events)
    change_test_mode(program_id=program.pk, terms=terms, now=timezone.now())
    return saved(request, link(request, "test_mode"), _("Test mode is off."))


@require_POST
@page
def clean_up(request: AdminRequest) -> HttpResponse:
    """Begins to take all tests back."""
    begin_clean_up(program_id=request.program.pk, now=timezone.now())
    return saved(request, link(request, "test_mode"), _("The tests are being taken back."))
