"""Settings > Emails: which there are, whether they go out, who they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.emails import operations, queries
from loyalty.emails.kinds import KINDS, Kind
from loyalty.errors import NotFound, Refusal
from loyalty.programs.languages import LANGUAGES
from loyalty.programs.models import Program
from loyalty.programs.operations import change_languages
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.polaris import PolarisForm


class SenderForm(PolarisForm):
    """Who emails come from."""

    sender_name = forms.CharField(
        label=gettext_lazy("Sender’s name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Empty: your shop’s name."),
        error_messages={"max_length": gettext_lazy("Use at most 100 characters.")},
    )
    from_address = forms.CharField(
        label=gettext_lazy("Sender’s address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput,
        help_text=gettext_lazy("Empty: this server’s own. The mail server must be allowed to send for your domain."),
    )
    reply_to = forms.CharField(
        label=gettext_lazy("Answers go to"),
        max_length=254,
        required=False,
        widget=forms.EmailInput,
        help_text=gettext_lazy("Empty: to the sender’s address."),
    )


class LanguagesForm(PolarisForm):
    """Which languages customers are written to in."""

    main = forms.ChoiceField(
        label=gettext_lazy("Main language"),
        choices=list(LANGUAGES.items()),
        help_text=gettext_lazy("For customers whose own language is none of these."),
    )
    further = forms.MultipleChoiceField(
        label=gettext_lazy("Also"), required=False, choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of email as the list shows it; the subject with the placeholders' examples."""

    slug: str
    label: str | Promise
    says: str | Promise
    subject: str
    is_on: bool
    is_own: bool
    last_sent: datetime | None


@require_http_methods(["GET", "POST"])
@page
def emails(request: AdminRequest) -> HttpResponse:
    """Lists the emails, and changes who they come from."""
    program = request.program
    chosen = queries.settings_of(program)
    names = ("sender_name", "from_address", "reply_to")
    form = SenderForm(request.POST or None, initial={name: getattr(chosen, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_sender(program=program, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "emails"), _("Sender saved."))
    own, sent, main = queries.own_texts(), queries.last_sent(), program.languages[0]
    context = {
        "heading": _("Emails"),
        "rows": [
            Row(
                kind.slug, kind.label, kind.says, _subject(program, kind, main), kind.slug in chosen.kinds_on,
                any(slug == kind.slug for slug, _language in own), sent.get(kind.slug),
            )
            for kind in KINDS.values()
        ],
        "is_set_up": queries.is_set_up(),
        "reach": queries.reach(program),
        "stopped": queries.unsubscribed(),
        "sender": queries.sender_of(program, chosen),
        "languages": [LANGUAGES[code] for code in program.languages],
    }  # fmt: skip
    return show_form(request, "dashboard/emails/list.html", form, context)


def _subject(program: Program, kind: Kind, language: str) -> str:
    return operations.example(program=program, kind=kind, wording=queries.wording_of(kind, language)).subject


@require_POST
@page
def switch(request: AdminRequest, kind: str) -> HttpResponse:
    """Switches one kind on or off."""
    is_on = request.POST.get("on") == "1"
    try:
        operations.switch(program=request.program, kind=kind, is_on=is_on, now=timezone.now())
    except NotFound as refusal:
        raise Http404(refusal.sentence) from refusal
    except Refusal as refusal:
        return saved(request, link(request, "emails"), f"{refusal.sentence}.", is_error=True)
    label = KINDS[kind].label
    words = _("“%(email)s” is on.") if is_on else _("“%(email)s” is off.")
    return saved(request, link(request, "emails"), words % {"email": label})


@require_http_methods(["GET", "POST"])
@page
def languages(request: AdminRequest) -> HttpResponse:
    """Shows and changes the languages of what customers read."""
    now = request.program.languages
    form = LanguagesForm(request.POST or None, initial={"main": now[0], "further": now[1:]})
    if request.method == "POST" and form.is_valid():
        try:
            change_languages(program_id=request.program.pk, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "languages"), _("Languages saved."))
    return show_form(request, "dashboard/emails/languages.html", form, {"heading": _("Languages")})
