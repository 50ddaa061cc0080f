"""Deciding about chosen lines of a list: what forms of that sort share, and how their outcome is told."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from loyalty.deciding import Decided
from shopify_app.dashboard.polaris import PolarisForm
from shopify_app.dashboard.reading import number


class DecisionForm(PolarisForm):
    """What to do with the chosen lines; a page's own form names the choices and what follows from each."""

    decision: forms.ChoiceField
    consequences: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        self.choice_details("decision", self.consequences)

    def clean(self) -> dict[str, Any]:
        """Asks for at least one line."""
        if not self.chosen:
            raise forms.ValidationError(_("Choose at least one line."))
        return super().clean() or {}


def outcome(decided: Decided, word: str) -> str:
    """Returns how many were decided, and the first reason why others were not.

    Args:
        word: What was done, in the language spoken: "approved".
    """
    told = f"{number(decided.done)} {word}." if decided.done else _("Nothing was %(word)s.") % {"word": word}
    if decided.refused:
        told += _(" %(refused)s could not be: %(reason)s.") % {
            "refused": len(decided.refused),
            "reason": decided.refused[0][1].rstrip("."),
        }
    return told
