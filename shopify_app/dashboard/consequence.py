"""What saving would change, said beforehand: the typed values beside the stored ones, whom they concern, and an example.

One mechanism for the forms of the programme: a form declares in `TOUCHES` which concern each field belongs to, its page
says what each concern means here, in sentences with figures; only the concerns of changed fields are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loyalty.errors import Refusal
from shopify_app.dashboard.polaris import PolarisForm
from shopify_app.dashboard.reading import plain

Concern = Callable[[], str]
"""Says what a change means, and for how many; asked only when a field of it has changed. Empty: nothing to say."""
ANY = ""
"""The concern of fields that a form does not name."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that would be another: its label, and the value before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What saving would do. `is_new`: something is added, so nothing is different from before."""

    is_valid: bool = True
    is_new: bool = False
    changes: list[Change] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


def consequence_of(
    form: forms.BaseForm,
    *,
    concerns: Mapping[str, Concern],
    is_new: bool = False,
    examples: Callable[[], Sequence[str]] = list,
) -> Consequence:
    """Returns what saving a form would change; an unbound form changes nothing, and one with errors nothing yet.

    Args:
        concerns: By the names the form's `TOUCHES` has for them, and `ANY` for its other fields.
        is_new: The form adds something: every concern is asked.
        examples: Worked examples of the values in the form; asked once the form is right.
    """
    if form.is_bound and not form.is_valid():
        return Consequence(is_valid=False, is_new=is_new)
    changed = [] if is_new else changed_fields(form)
    touches: Mapping[str, str] = getattr(form, "TOUCHES", {})
    touched = [touches.get(name, ANY) for name in changed]
    asked = [concern for name, concern in concerns.items() if is_new or name in touched]
    try:
        sentences, worked = [said for said in (concern() for concern in asked) if said], list(examples())
    except Refusal:  # the operation would refuse these values, and says why when they are saved
        return Consequence(is_valid=False, is_new=is_new)
    changes = [Change(_label(form, name), _words(form, name, stored=True), _words(form, name)) for name in changed]
    return Consequence(is_new=is_new, changes=changes, sentences=sentences, examples=worked)


def answer(request: HttpRequest, consequence: Consequence) -> HttpResponse:
    """The part of the page that says it."""
    return render(request, "dashboard/consequence/answer.html", {"consequence": consequence})


def changed_fields(form: forms.BaseForm) -> list[str]:
    """Returns the names of the fields whose typed value means something else than the stored one, in order."""
    if not form.is_bound:
        return []
    hidden = {name for name, each in form.fields.items() if each.widget.is_hidden}
    return [
        name for name in form.fields if name not in hidden and _value(form, name, stored=True) != _value(form, name)
    ]


def _value(form: forms.BaseForm, name: str, *, stored: bool = False) -> Any:
    bound = form[name]
    raw = bound.initial if stored or not form.is_bound else bound.data
    try:
        value = bound.field.to_python(raw)
    except ValidationError:
        return raw
    return None if value in (None, "", []) else value


def _label(form: forms.BaseForm, name: str) -> str:
    return form.label_in_full(name) if isinstance(form, PolarisForm) else str(form[name].label)


def _words(form: forms.BaseForm, name: str, *, stored: bool = False) -> str:
    value, labels = _value(form, name, stored=stored), dict(getattr(form.fields[name], "choices", ()))
    match value:
        case None:
            return NOTHING
        case bool():
            return _("on") if value else _("off")
        case Decimal():
            return plain(value)
        case list():
            return ", ".join(str(labels.get(each, each)) for each in value)
        case _:
            return str(labels.get(value, value))
