"""One import: its preview, its progress, its report, and the buttons that begin it and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.errors import Refusal
from loyalty.imports import operations, queries
from loyalty.imports.errors import ImportNotFound
from loyalty.imports.models import Import, ImportRow
from loyalty.imports.options import Options
from loyalty.ledger.operations import Shortfall
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.import_report import Row, report, shown
from shopify_app.dashboard.import_words import badge, source_label
from shopify_app.dashboard.pages import link, saved, show

SHOWN, ERRORS = 8, 50
_State, _Verdict = Import.State, ImportRow.Verdict


@require_GET
@page
def show_import(request: AdminRequest, import_id: int) -> HttpResponse:
    """Shows one import as it stands; while a worker has it the page asks again by itself."""
    imported = _find(import_id)
    word, tone = badge(imported)
    context: dict[str, Any] = {
        "heading": imported.file_name or _("Import"),
        "imported": imported,
        "options": Options.of(imported.options),
        "source": source_label(imported.source),
        "badge": word,
        "tone": tone,
        "is_history": imported.kind == Import.Kind.HISTORY,
        "has_stopped": bool(imported.error),
        "progress": _progress(imported),
        "report": report(imported, request.program),
        "errors": _rows(imported, _Verdict.ERROR, ERRORS),
        "error_count": int(imported.counts.get("error", 0)) + int(imported.counts.get("left_out", 0)),
        "undo_until": queries.ends_at(imported),
    }
    if imported.state == _State.READY:
        context |= {
            "is_preview": True,
            "works": int(imported.counts["new"]) + int(imported.counts["changed"]),
            "groups": [
                (_("New members"), _rows(imported, _Verdict.NEW, SHOWN), imported.counts["new"]),
                (_("Members who change"), _rows(imported, _Verdict.CHANGED, SHOWN), imported.counts["changed"]),
            ],
            "has_file": bool(queries.sample(imported, number=1)),
        }
    if _may_be_undone(imported):
        context |= {
            "undoing": queries.undoing(imported),
            "is_owed": operations.shortfall_of(request.program) == Shortfall.DEBT,
        }
    return show(request, "dashboard/imports/page.html", context)


@require_POST
@page
def start(request: AdminRequest, import_id: int) -> HttpResponse:
    """Begins what the preview showed."""
    return _do(
        request, import_id, _("The import has begun."),
        lambda: operations.start(import_id=import_id, actor=request.actor, now=timezone.now()),
    )  # fmt: skip


@require_POST
@page
def undo(request: AdminRequest, import_id: int) -> HttpResponse:
    """Begins to take the import back."""
    return _do(
        request, import_id, _("The import is being undone."),
        lambda: operations.undo(import_id=import_id, actor=request.actor, now=timezone.now()),
    )  # fmt: skip


@require_POST
@page
def go_on(request: AdminRequest, import_id: int) -> HttpResponse:
    """Takes up what a fault has stopped."""
    return _do(request, import_id, _("It goes on."), lambda: operations.go_on(import_id=import_id))


@require_POST
@page
def discard(request: AdminRequest, import_id: int) -> HttpResponse:
    """Throws an import away that was never run."""
    _find(import_id)
    try:
        operations.discard(import_id=import_id)
    except Refusal as refusal:
        return saved(request, link(request, "import", import_id), refusal.sentence, is_error=True)
    return saved(request, link(request, "imports"), _("The file was thrown away. Nothing was changed."))


def _do(request: AdminRequest, import_id: int, message: str, operation: Callable[[], object]) -> HttpResponse:
    _find(import_id)
    try:
        operation()
    except Refusal as refusal:
        return saved(request, link(request, "import", import_id), refusal.sentence, is_error=True)
    return saved(request, link(request, "import", import_id), message)


def _find(import_id: int) -> Import:
    try:
        return queries.import_by_id(import_id=import_id)
    except ImportNotFound as refusal:
        raise Http404(refusal.sentence) from refusal


def _rows(imported: Import, verdict: ImportRow.Verdict, number: int) -> list[Row]:
    if imported.dropped_at is not None:
        return []
    return [shown(row) for row in queries.rows(imported, verdict=verdict)[:number]]


def _may_be_undone(imported: Import) -> bool:
    stopped = imported.state == _State.RUNNING and imported.error
    return imported.dropped_at is None and (imported.state == _State.DONE or bool(stopped))


def _progress(imported: Import) -> dict[str, Any] | None:
    """How far a worker is: words, whole percent, and what it counts."""
    if not imported.is_at_work:
        return None
    counts = imported.counts
    if imported.state == _State.READING:
        phase = imported.cursor.partition(":")[0]
        done, total = int(counts.get("done", 0)), imported.row_count
        words = {
            "": _("Reading the rows"), "read": _("Reading the rows"), "find": _("Finding your members"),
            "ask": _("Asking Shopify for your customers"), "again": _("Finding your members"),
            "order": _("Working out what would change"), "judge": _("Working out what would change"), "sum": _("Adding up"),
        }[phase]  # fmt: skip
        parts = ["", "read", "find", "ask", "again", "order", "judge", "sum"]
        percent = min(99, 13 * parts.index(phase) + 13 * min(done, total) // max(total, 1))
        return {"words": words, "percent": percent, "told": _handled(min(done, total), total)}
    is_undoing = imported.state == _State.UNDOING
    done = int(counts.get("undone" if is_undoing else "handled", 0))
    total = int(counts.get("did", 0)) if is_undoing else int(counts.get("new", 0)) + int(counts.get("changed", 0))
    words = _("Taking the import back") if is_undoing else _("Importing")
    return {"words": words, "percent": min(99, 100 * done // max(total, 1)), "told": _handled(done, total)}


def _handled(done: int, total: int) -> dict[str, int]:
    return {"done": done, "total": total}
