"""One marketing platform: connect with a key that is tested at once, choose what is told, try it, back-fill, disconnect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import NotFound, Refusal
from loyalty.integrations import operations, queries
from loyalty.integrations.naming import EVENTS
from loyalty.integrations.syncing import progress
from loyalty.integrations.vendor import Vendor
from loyalty.integrations.vendors import vendor_named
from loyalty.outbox.ports import Done, Outcome
from loyalty.outbox.queries import Line, lines
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.integrations import view_of
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput


class KeyForm(PolarisForm):
    """A vendor's key; never written back."""

    key = forms.CharField(max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, vendor: Vendor) -> None:
        super().__init__(data)
        words, field = vendor.key, self.fields["key"]
        field.label, field.help_text = _(words.label), _(words.where)
        field.widget.attrs["placeholder"] = words.placeholder
        field.error_messages["required"] = _("Paste the key.")


class ChoiceForm(PolarisForm):
    """What a vendor is told."""

    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        required=False,
        choices=[(slug, named.name) for slug, named in EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    sends_birthday = forms.BooleanField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=SwitchInput,
        help_text=gettext_lazy("Adds the date of birth that members gave you to their profiles."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.choice_details("events", {slug: _(named.says) for slug, named in EVENTS.items()})


class TestForm(PolarisForm):
    """A made-up event to an address of the merchant's own."""

    __test__ = False  # no test class
    event = forms.ChoiceField(
        label=gettext_lazy("Event"), choices=[(slug, named.name) for slug, named in EVENTS.items()]
    )
    email = forms.EmailField(
        label=gettext_lazy("About this address"),
        help_text=gettext_lazy("Your own. Flows that listen for this event start for it."),
        error_messages={"required": gettext_lazy("Enter an e-mail address of your own.")},
    )


@require_http_methods(["GET", "POST"])
@page
def integration(request: AdminRequest, vendor: str) -> HttpResponse:
    """Shows one vendor, and changes what it is told."""
    form = ChoiceForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        _find(vendor)
        try:
            operations.choose(vendor=vendor, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            attach(form, refusal, field="events")
        else:
            return saved(
                request, link(request, "integration", vendor), _("Saved: it holds for what happens from now on.")
            )
    return _show(request, vendor, choices=form)


@require_POST
@page
def connect(request: AdminRequest, vendor: str) -> HttpResponse:
    """Tests the key with the vendor, stores it only if it is taken, and begins to write every member's profile."""
    known, now = _find(vendor), timezone.now()
    form = KeyForm(request.POST, vendor=known)
    if form.is_valid():
        before = queries.is_known(vendor=vendor)
        try:
            operations.connect(program=request.program, vendor=vendor, key=form.cleaned_data["key"], now=now)
        except Refusal as refusal:
            attach(form, refusal, field="key")
        else:
            if not before:
                operations.synchronise(program=request.program, vendor=vendor, now=now)
            return saved(
                request, link(request, "integration", vendor), _("%(label)s is connected.") % {"label": known.label}
            )
    return _show(request, vendor, key=form)


@require_POST
@page
def test(request: AdminRequest, vendor: str) -> HttpResponse:
    """Sends a made-up event at once and shows what was answered."""
    _find(vendor)
    form = TestForm(request.POST)
    if form.is_valid():
        try:
            outcome = operations.send_test(
                program=request.program, vendor=vendor, now=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            attach(form, refusal, field="event")
        else:
            return _show(request, vendor, test_form=form, outcome=outcome)
    return _show(request, vendor, test_form=form)


@require_POST
@page
def sync(request: AdminRequest, vendor: str) -> HttpResponse:
    """Begins to write every member's profile."""
    known = _find(vendor)
    try:
        operations.synchronise(program=request.program, vendor=vendor, now=timezone.now())
    except NotFound as refusal:
        raise Http404(refusal.sentence) from refusal
    return saved(
        request,
        link(request, "integration", vendor),
        _("Every member's profile is on its way to %(label)s.") % {"label": known.label},
    )


@require_POST
@page
def disconnect(request: AdminRequest, vendor: str) -> HttpResponse:
    """Forgets the key; nothing is sent any more."""
    known = _find(vendor)
    removes_data = "removes_data" in request.POST
    operations.disconnect(program=request.program, vendor=vendor, now=timezone.now(), removes_data=removes_data)
    return saved(request, link(request, "integrations"), _("%(label)s is disconnected.") % {"label": known.label})


def _find(vendor: str) -> Vendor:
    try:
        return vendor_named(vendor)
    except NotFound as error:
        raise Http404(error.sentence) from error


def _show(
    request: AdminRequest, vendor: str, *, key: KeyForm | None = None, choices: ChoiceForm | None = None,
    test_form: TestForm | None = None, outcome: Outcome | None = None,
) -> HttpResponse:  # fmt: skip
    known, now = _find(vendor), timezone.now()
    connection = queries.connection(vendor=vendor)
    view = view_of(known, connection, lines(now=now).get(vendor, Line()), now=now)
    chosen = {"events": connection.events, "sends_birthday": connection.sends_birthday} if connection else {}
    form = choices or ChoiceForm(initial=chosen)
    context = {
        "heading": known.label,
        "vendor": view,
        "key_form": key or KeyForm(vendor=known),
        "form": form,
        "test_form": test_form or TestForm(),
        "result": _result(known, outcome) if outcome else None,
        "sync": progress(vendor=vendor) if view.is_known else None,
    }
    failed = next((each for each in (key, test_form) if each is not None and each.errors), form)
    return show_form(request, "dashboard/integrations/vendor.html", failed, context)


def _result(vendor: Vendor, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Done):
        return {
            "is_success": True,
            "sentence": _("%(label)s took it.") % {"label": vendor.label},
            "answer": outcome.response,
        }
    return {"is_success": False, "sentence": outcome.error, "answer": outcome.response}
