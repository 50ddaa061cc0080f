"""Saying what the columns of a file hold, and how they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loyalty.errors import Refusal
from loyalty.imports import operations, queries
from loyalty.imports.errors import ImportNotFound
from loyalty.imports.fields import FIELDS, HISTORY, MEMBERS
from loyalty.imports.models import Import
from loyalty.imports.options import Options
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.import_words import FIELD_WORDS, source_label
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.polaris import PolarisForm

PREFIX = "column_"
NONE = ""
SHOWN = 40
"""Characters of a cell that a choice shows."""


class MatchForm(PolarisForm):
    """A select for each thing a column may hold, and the choices of the import."""

    sets_balance = forms.ChoiceField(
        label=gettext_lazy("Points in the file"),
        choices=[
            ("yes", gettext_lazy("Are the balance to have")),
            ("no", gettext_lazy("Are added to the balance")),
        ],
        widget=forms.RadioSelect,
    )
    locks_tiers = forms.ChoiceField(
        label=gettext_lazy("VIP tiers in the file"),
        choices=[
            ("yes", gettext_lazy("Are given and locked")),
            ("no", gettext_lazy("Are left to your rules")),
        ],
        widget=forms.RadioSelect,
    )
    day_first = forms.ChoiceField(
        label=gettext_lazy("Days like 03/04/1990"),
        choices=[("no", gettext_lazy("Month first: March 4")), ("yes", gettext_lazy("Day first: 3 April"))],
        help_text=gettext_lazy("Days like 1990-04-03, and those that can only be meant one way, are read as they are."),
    )
    is_silent = forms.BooleanField(
        label=gettext_lazy("Send nothing to customers"),
        required=False,
        help_text=gettext_lazy(
            "No e-mail flow, Shopify Flow workflow or webhook hears of the points, tiers and new members of this import."
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, imported: Import, kind: str, first: list[str], initial: Any
    ) -> None:
        super().__init__(data, initial=initial)
        choices = [(NONE, _("Not in the file"))]
        for place, header in enumerate(imported.headers):
            cell = first[place] if place < len(first) else ""
            shown = f"{cell[:SHOWN]}…" if len(cell) > SHOWN else cell
            choices.append((str(place), f"{header} ({shown})" if shown else header))
        self.names = [name for name, field in FIELDS.items() if kind in field.kinds]
        for name in self.names:
            self.fields[PREFIX + name] = forms.ChoiceField(label=FIELD_WORDS[name], required=False, choices=choices)
        self.choice_details(
            "sets_balance",
            {
                "yes": _("The difference to what a member has now becomes an entry."),
                "no": _("Negative figures are deducted; nobody falls below 0."),
            },
        )
        self.choice_details(
            "locks_tiers",
            {
                "yes": _("Members stay there until you unlock them. Nothing is given for it."),
                "no": _("The column changes nothing; members stand where their points or orders put them."),
            },
        )
        if kind == HISTORY:
            del self.fields["sets_balance"], self.fields["locks_tiers"]

    @property
    def columns(self) -> list[Any]:
        """The selects, in their order."""
        return [self[PREFIX + name] for name in self.names]

    def chosen(self) -> dict[str, int]:
        """Which column holds what, as it was posted."""
        said = {name: self.cleaned_data.get(PREFIX + name) for name in self.names}
        return {name: int(place) for name, place in said.items() if place}

    def options(self) -> Options:
        """How the file is taken, as it was posted."""
        said = self.cleaned_data
        return Options(
            sets_balance=said.get("sets_balance") != "no",
            locks_tiers=said.get("locks_tiers") != "no",
            day_first=said["day_first"] == "yes",
            is_silent=said["is_silent"],
        )


@require_http_methods(["GET", "POST"])
@page
def match(request: AdminRequest, import_id: int) -> HttpResponse:
    """Shows the guess, and takes what the merchant says instead; the preview is made in the background."""
    try:
        imported = queries.import_by_id(import_id=import_id)
    except ImportNotFound as refusal:
        raise Http404(refusal.sentence) from refusal
    lines = queries.sample(imported)
    if not lines:
        return saved(request, link(request, "import", import_id), _("The file was read already."), is_error=True)
    wanted = request.POST if request.method == "POST" else request.GET
    kind = wanted["kind"] if wanted.get("kind") in (MEMBERS, HISTORY) else imported.kind
    form = MatchForm(
        request.POST if request.method == "POST" else None,
        imported=imported, kind=kind, first=lines[0], initial=_initial(imported),
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            operations.match(import_id=import_id, kind=kind, columns=form.chosen(), options=form.options())
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "import", import_id), _("Encore reads the file."))
    context = {
        "heading": imported.file_name or _("Import"),
        "imported": imported,
        "source": source_label(imported.source),
        "kind": kind,
        "is_history": kind == HISTORY,
        "lines": lines,
        "separator": {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}.get(imported.delimiter, ""),
    }
    return show_form(request, "dashboard/imports/match.html", form, context)


def _initial(imported: Import) -> dict[str, Any]:
    options = Options.of(imported.options)
    seems = operations.day_first_of(imported) if imported.state == Import.State.UPLOADED else None
    return {
        **{PREFIX + name: str(place) for name, place in imported.columns.items()},
        "sets_balance": "yes" if options.sets_balance else "no",
        "locks_tiers": "yes" if options.locks_tiers else "no",
        "day_first": "yes" if (options.day_first if seems is None else seems) else "no",
        "is_silent": options.is_silent,
    }
