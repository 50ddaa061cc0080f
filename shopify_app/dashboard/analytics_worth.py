"""What is a point worth? A small form on the Analytics page; empty lets it follow from the rewards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.analytics.operations import MOST_MINOR, say_worth
from loyalty.errors import Refusal
from loyalty.money import exponent, to_decimal, to_minor
from loyalty.programs.models import Program
from shopify_app.dashboard.pages import attach
from shopify_app.dashboard.polaris import MoneyInput, PolarisForm


class WorthForm(PolarisForm):
    """The worth of 100 points in the shop's currency."""

    per_hundred = forms.DecimalField(
        label=gettext_lazy("100 points are worth"),
        required=False,
        max_digits=14,
        widget=MoneyInput,
        error_messages={"invalid": gettext_lazy("Enter an amount, for example 1.00.")},
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        field = self.fields["per_hundred"]
        field.widget.attrs["currencyCode"] = program.currency
        field.help_text = _("What open points are valued at. Empty: what your rewards give for them.")

    def clean_per_hundred(self) -> Any:
        """Refuse nothing, too much, and what is finer than the currency."""
        amount = self.cleaned_data["per_hundred"]
        if amount is None:
            return None
        try:
            minor = to_minor(amount, self.program.currency)
        except ValueError:
            places = exponent(self.program.currency)
            raise forms.ValidationError(
                _("%(currency)s has %(places)s decimal places.") % {"currency": self.program.currency, "places": places}
            ) from None
        if not 0 < minor <= MOST_MINOR:
            raise forms.ValidationError(_("Enter an amount above zero, or leave it empty."))
        return amount

    def save(self) -> bool:
        """Says it; False where the operation refuses, with its sentence at the field."""
        try:
            say_worth(program=self.program, per_hundred=self.cleaned_data["per_hundred"], now=timezone.now())
        except Refusal as refusal:
            attach(self, refusal)
            return False
        return True


def worth_form(request: HttpRequest, *, program: Program, said: int | None) -> WorthForm:
    """Returns the form as it was posted, or as it stands: empty where nobody has said what a point is worth."""
    if request.method == "POST":
        return WorthForm(request.POST, program=program)
    amount = None if said is None else to_decimal(said, program.currency)
    return WorthForm(program=program, initial={"per_hundred": amount})
