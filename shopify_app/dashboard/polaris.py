"""Django forms in Polaris elements: one renderer, one bound field, one template (templates/forms/field.html).

Every form of the admin is rendered by `{{ form.<field>.as_field_group }}`; the widget chooses the element.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class MoneyInput(forms.NumberInput):
    """An amount in the shop's currency; put the code in `attrs["currencyCode"]`."""


class SwitchInput(forms.CheckboxInput):
    """On or off, taking effect when the form is saved."""


class ColorInput(forms.TextInput):
    """A colour as `#rrggbb`."""


class SearchField(forms.CharField):
    """Free text to look for."""

    widget = forms.SearchInput


# The most exact class first: each widget is looked up along its own class order.
ELEMENTS: dict[type[forms.Widget], str] = {
    SwitchInput: "s-switch",
    MoneyInput: "s-money-field",
    ColorInput: "s-color-field",
    forms.NumberInput: "s-number-field",
    forms.EmailInput: "s-email-field",
    forms.URLInput: "s-url-field",
    forms.PasswordInput: "s-password-field",
    forms.SearchInput: "s-search-field",
    forms.DateInput: "s-date-field",
    forms.TextInput: "s-text-field",
    forms.Textarea: "s-text-area",
    forms.Select: "s-select",
    forms.RadioSelect: "s-choice-list",
    forms.SelectMultiple: "s-choice-list",
    forms.CheckboxSelectMultiple: "s-choice-list",
    forms.CheckboxInput: "s-checkbox",
    forms.FileInput: "s-drop-zone",
}

UNSEEN = "labelaccessibilityvisibility"
"""A field says what it is to a screen reader only, where its row and column say so to the eye."""
TEXT = frozenset({"placeholder", "maxlength", "minlength", "autocomplete", "readonly", "disabled", "required", UNSEEN})
# What the manifest gives each element; anything else Django's widget carries is left out.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "s-text-field": TEXT | {"prefix", "suffix", "icon"},
    "s-email-field": TEXT,
    "s-url-field": TEXT,
    "s-password-field": TEXT,
    "s-search-field": TEXT,
    "s-text-area": TEXT | {"rows"},
    "s-number-field": (TEXT | {"min", "max", "step", "prefix", "suffix", "inputmode"}) - {"maxlength", "minlength"},
    "s-money-field": (TEXT | {"min", "max", "currencycode"}) - {"maxlength", "minlength"},
    "s-date-field": (TEXT | {"allow", "disallow"}) - {"maxlength", "minlength"},
    "s-color-field": (TEXT | {"alpha"}) - {"maxlength", "minlength"},
    "s-select": frozenset({"disabled", "required", "placeholder", "icon", UNSEEN}),
    "s-choice-list": frozenset({"disabled"}),
    "s-checkbox": frozenset({"disabled", "required"}),
    "s-switch": frozenset({"disabled"}),
    "s-drop-zone": frozenset({"disabled", "required", "accept", "multiple"}),
}
ALWAYS = ("data-", "hx-")


class Option(NamedTuple):
    """One choice of a select or a choice list; `details` is a second line beneath it."""

    value: str
    label: str
    is_selected: bool
    details: str


class PolarisBoundField(BoundField):
    """A bound field that knows its element and what may be written on it."""

    @property
    def tag(self) -> str:
        """The element's name; raises `LookupError` for a widget nobody has mapped, so that a test finds it."""
        for ancestor in type(self.field.widget).__mro__:
            if ancestor in ELEMENTS:
                return ELEMENTS[ancestor]
        raise LookupError(f"no Polaris element for the widget {type(self.field.widget).__name__}")

    @property
    def is_multiple(self) -> bool:
        """Whether several options may be chosen."""
        return bool(getattr(self.field.widget, "allow_multiple_selected", False))

    @property
    def widget_context(self) -> dict[str, Any]:
        """Django's own idea of the widget, so that its formatting of dates and numbers is kept."""
        attrs = self.build_widget_attrs({}, self.field.widget)
        context: dict[str, Any] = self.field.widget.get_context(self.html_name, self.value(), attrs)["widget"]
        return context

    @property
    def element_value(self) -> str:
        """The value as text; a password is never written back."""
        value = self.widget_context["value"]
        return "" if value is None else str(value)

    @property
    def is_checked(self) -> bool:
        """Whether a checkbox or switch starts checked."""
        return bool(self.widget_context["attrs"].get("checked"))

    @property
    def is_toggle(self) -> bool:
        """Whether the element is checked rather than filled."""
        return self.tag in {"s-checkbox", "s-switch"}

    @property
    def is_picked(self) -> bool:
        """Whether what it holds can be chosen in Shopify's own picker (`picked`)."""
        return "data-picks" in self.field.widget.attrs

    @property
    def options(self) -> list[Option]:
        """The choices, flattened from Django's groups."""
        details = getattr(self.field.widget, "option_details", {})
        return [
            Option(str(item["value"]), str(item["label"]), bool(item["selected"]), details.get(str(item["value"]), ""))
            for _group, items, _index in self.widget_context.get("optgroups", [])
            for item in items
        ]

    @property
    def error_text(self) -> str:
        """All errors of the field as one sentence after another."""
        return " ".join(str(error) for error in self.errors)

    def attributes(self) -> Iterator[tuple[str, str]]:
        """What to write besides name, label, details, error and value; a boolean attribute has an empty value."""
        allowed = ATTRIBUTES[self.tag]
        written = {name.lower(): value for name, value in self.field.widget.attrs.items()}
        for name, value in {**self.widget_context["attrs"], **written}.items():
            if value is False or value is None or not (name in allowed or name.startswith(ALWAYS)):
                continue
            yield name, "" if value is True else str(value)


class PolarisRenderer(TemplatesSetting):
    """Named by `FORM_RENDERER`: every form of the project is drawn in Polaris elements."""

    field_template_name = "forms/field.html"
    bound_field_class = PolarisBoundField


def picked(what: str) -> dict[str, str]:
    """The attribute of a field of Shopify ids that Shopify's picker can fill; the text stays as it is typed without one.

    Args:
        what: `product`, `collection` or `variant`, or `@name`: what the field of that name says (`products`, `collections`).
    """
    return {"data-picks": what}


def once_field() -> forms.CharField:
    """A hidden field that makes a repeated submission (a double click, a retry) the same request."""
    return forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)


class PolarisForm(forms.Form):
    """The base of every form of the admin."""

    default_renderer = PolarisRenderer
    # Django's `required` and friends come out as attributes of the element; the server stays the only judge.
    use_required_attribute = True

    def label_in_full(self, name: str) -> str:
        """A field's label where it stands alone, away from what is around it in the form."""
        return str(self[name].label)

    def choice_details(self, name: str, details: dict[str, str]) -> None:
        """Gives the choices of a field a second line each, by value."""
        self.fields[name].widget.option_details = details
