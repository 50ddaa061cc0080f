"""One email: its text per language, a look at it as customers see it, a test, and back to our own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.emails import operations, queries
from loyalty.emails.kinds import Kind, kind_named
from loyalty.emails.operations import NoMailServer
from loyalty.emails.writing import Wording, said
from loyalty.errors import NotFound, Refusal
from loyalty.outbox.ports import Done
from loyalty.programs.languages import LANGUAGES
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.polaris import PolarisForm

WIDTHS = ("desktop", "phone")


class TextForm(PolarisForm):
    """What an email says in one language."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=150,
        error_messages={
            "required": gettext_lazy("Enter a subject."),
            "max_length": gettext_lazy("Use at most 150 characters."),
        },
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "An empty line begins a new paragraph. The button and the foot are added by themselves."
        ),
        error_messages={
            "required": gettext_lazy("Enter a text."),
            "max_length": gettext_lazy("Use at most 5,000 characters."),
        },
    )


class TestForm(PolarisForm):
    """Where a test goes."""

    __test__ = False  # no test class
    to = forms.CharField(
        label=gettext_lazy("Send a test to"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=gettext_lazy("What stands in the form now, with the examples."),
        error_messages={"required": gettext_lazy("Enter an e-mail address of your own.")},
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """A placeholder as the page explains it."""

    name: str
    says: str | Promise
    example: str


@require_http_methods(["GET", "POST"])
@page
def email(request: AdminRequest, kind: str, language: str) -> HttpResponse:
    """Shows the text of a kind in a language, and keeps the merchant's own."""
    known = _find(kind, language)
    wording = queries.wording_of(known, language)
    form = TextForm(request.POST or None, initial={"subject": wording.subject, "body": wording.body})
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_text(
                program=request.program, kind=kind, language=language, now=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "email", kind, language), _("Text saved: it holds for the next email."))
    return _show(request, known, language, form, wording)


@require_POST
@page
def preview(request: AdminRequest, kind: str, language: str) -> HttpResponse:
    """Shows what stands in the form as customers would see it; nothing is kept."""
    known = _find(kind, language)
    width = request.POST.get("width", "")
    context: dict[str, Any] = {"width": width if width in WIDTHS else WIDTHS[0]}
    try:
        wording = operations.checked(known, language, request.POST.get("subject", ""), request.POST.get("body", ""))
    except Refusal as refusal:
        return show(request, "dashboard/emails/preview.html", {**context, "error": f"{refusal.sentence}."})
    written = operations.example(program=request.program, kind=known, wording=wording)
    context |= {"written": written, "sender": queries.sender_of(request.program)}
    return show(request, "dashboard/emails/preview.html", context)


@require_POST
@page
def test(request: AdminRequest, kind: str, language: str) -> HttpResponse:
    """Sends what stands in the form to an address of the merchant's own, and says what the mail server made of it."""
    known = _find(kind, language)
    form = TestForm(request.POST)
    context = {"test_form": form, "sentence": "", "is_sent": False}
    if form.is_valid():
        try:
            subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
            wording = operations.checked(known, language, subject, body)
            outcome = operations.send_test(
                program=request.program, kind=kind, wording=wording, to=form.cleaned_data["to"], now=timezone.now()
            )
        except NoMailServer as refusal:
            context["sentence"] = f"{refusal.sentence}."
        except Refusal as refusal:
            attach(form, refusal, field="to" if getattr(refusal, "field", "") == "to" else None)
            context["sentence"] = "" if form.errors.get("to") else f"{refusal.sentence}."
        else:
            context["is_sent"] = isinstance(outcome, Done)
            arrived = _("The mail server took the test for %(address)s.") % {"address": form.cleaned_data["to"]}
            context["sentence"] = arrived if isinstance(outcome, Done) else outcome.error
    return show(request, "dashboard/emails/test.html", context)


@require_POST
@page
def back(request: AdminRequest, kind: str, language: str) -> HttpResponse:
    """Forgets the merchant's own text: ours is sent again."""
    _find(kind, language)
    operations.back_to_ours(kind=kind, language=language)
    return saved(request, link(request, "email", kind, language), _("Our text is sent again."))


def _find(kind: str, language: str) -> Kind:
    if language not in LANGUAGES:
        raise Http404("No such language")
    try:
        return kind_named(kind)
    except NotFound as refusal:
        raise Http404(refusal.sentence) from refusal


def _show(request: AdminRequest, kind: Kind, language: str, form: TextForm, wording: Wording) -> HttpResponse:
    program = request.program
    context = {
        "heading": kind.label,
        "kind": kind,
        "language": language,
        "languages": [(code, label, code in program.languages) for code, label in LANGUAGES.items()],
        "is_spoken": language in program.languages,
        "is_own": wording != queries.our_wording(kind, language),
        "is_on": kind.slug in queries.kinds_on(),
        "is_set_up": queries.is_set_up(),
        "reach": queries.reach(program),
        "offered": _offered(kind, program, language),
        "written": operations.example(program=program, kind=kind, wording=wording),
        "sender": queries.sender_of(program),
        "width": WIDTHS[0],
        "test_form": TestForm(),
    }
    return show_form(request, "dashboard/emails/text.html", form, context)


def _offered(kind: Kind, program: Program, language: str) -> list[Offered]:
    examples = said({name: each.example for name, each in kind.placeholders.items()}, language, program.zone)
    examples["shop_name"] = program.name
    return [Offered(f"{{{{ {name} }}}}", each.says, examples[name]) for name, each in kind.placeholders.items()]
