"""Imports: a file is dropped here, and what became of earlier ones is listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loyalty.errors import InvalidField
from loyalty.imports import operations, queries
from loyalty.imports.mappings import OTHER, SOURCES
from loyalty.imports.models import Import
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.import_words import badge, source_label
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.paging import counted
from shopify_app.dashboard.polaris import PolarisForm, once_field


class UploadForm(PolarisForm):
    """A file, and where it comes from."""

    once = once_field()
    source = forms.ChoiceField(
        label=gettext_lazy("Where does the file come from?"),
        choices=[
            *((each.slug, each.label) for each in SOURCES.values()),
            (OTHER, gettext_lazy("Another app, or a sheet of my own")),
        ],
        initial=OTHER,
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        """A file that is not too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        most = settings.ENCORE_IMPORT_MAX_BYTES
        if (file.size or 0) > most:
            raise forms.ValidationError(
                _("The file has more than %(most)s MB. Split it and import the parts one by one."),
                params={"most": most // 2**20},
            )
        return file


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line of the list."""

    imported: Import
    source: str
    badge: str
    tone: str


@require_http_methods(["GET", "POST"])
@page
def imports(request: AdminRequest) -> HttpResponse:
    """Lists imports, newest first, and takes a file in."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported = operations.upload(
                program=request.program, file_name=str(file.name or ""), pieces=file.chunks, actor=request.actor,
                source=form.cleaned_data["source"], once=form.cleaned_data["once"], now=timezone.now(),
            )  # fmt: skip
        except InvalidField as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "import_match", imported.pk), _("The file is here."))
    found, pager, total = counted(request, queries.imports())
    lines = [ImportLine(each, source_label(each.source), *badge(each)) for each in found]
    context = {"heading": _("Import"), "rows": lines, "pager": pager, "total": total, "asked": {}}
    return show_form(request, "dashboard/imports/list.html", form, context)
