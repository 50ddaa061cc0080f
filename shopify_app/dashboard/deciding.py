"""Deciding about chosen lines of a list: what forms of that sort share, and how their outcome is told."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        """Asks for at least one line, where not everything is meant."""
        cleaned = super().clean() or {}
        if not self.chosen and not cleaned.get("everything"):
            raise forms.ValidationError(_("Choose at least one line."))
        return cleaned


def outcome(decided: Decided, done: str, nothing: str) -> str:
    """Returns how many were decided, and the first reason why others were not.

    Args:
        done: What was done with `decided.done` lines, as a sentence: "3 approved."
        nothing: That it was done with none of them.
    """
    told = done if decided.done else nothing
    if not decided.refused:
        return told
    failed = len(decided.refused)
    why = ngettext("%(n)s could not be: %(reason)s.", "%(n)s could not be: %(reason)s.", failed)
    return f"{told} {why % {'n': number(failed), 'reason': decided.refused[0][1].rstrip('.')}}"


def approved(decided: Decided) -> str:
    """The outcome of approving."""
    done = ngettext("%(n)s approved.", "%(n)s approved.", decided.done) % {"n": number(decided.done)}
    return outcome(decided, done, _("Nothing was approved."))
