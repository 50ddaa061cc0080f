"""The newest REST calls with request and answer: what somebody who builds against the API looks at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loyalty.api.calls import KEPT, LIFE, Call, newest
from loyalty.programs import queries as programs
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.asking import texts_of
from shopify_app.dashboard.delivery_rows import pretty
from shopify_app.dashboard.pages import link, show

NAMES = ("outcome", "method", "key", "path")
REFUSED, DONE, DRY = "refused", "done", "dry"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as the list shows it."""

    call: Call
    at: datetime
    path: str
    tone: str
    url: str


@require_GET
@page
def api_calls(request: AdminRequest) -> HttpResponse:
    """Lists the newest calls by the filters of the address."""
    asked = texts_of(request.GET, NAMES)
    names = {key.prefix: key.name for key in programs.api_keys()}
    found = [call for call in newest(program_id=request.program.pk) if _is_wanted(call, asked)]
    context = {
        "heading": _("API calls"),
        "rows": [_row(request, call) for call in found[:SHOWN]],
        "number": len(found),
        "shown": SHOWN,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "outcomes": {DONE: _("Done"), REFUSED: _("Refused"), DRY: _("Dry runs")},
        "methods": METHODS,
        "keys": names,
        "kept": KEPT,
        "days": LIFE.days,
    }
    return show(request, "dashboard/settings/api_calls.html", context)


@require_GET
@page
def api_call(request: AdminRequest, call_id: str) -> HttpResponse:
    """Shows one call."""
    call = next((each for each in newest(program_id=request.program.pk) if each.id == call_id), None)
    if call is None:
        raise Http404(_("This call is not kept any more"))
    names = {key.prefix: key.name for key in programs.api_keys()}
    context = {
        "heading": f"{call.method} {urlsplit(call.path).path}",
        "row": _row(request, call),
        "call": call,
        "key_name": names.get(call.key_prefix, ""),
        "request_text": pretty(call.request) if call.request else "",
        "answer_text": pretty(call.answer) if call.answer else "",
    }
    return show(request, "dashboard/settings/api_call.html", context)


def _is_wanted(call: Call, asked: dict[str, str]) -> bool:
    outcome = {"": True, DONE: call.status < 400, REFUSED: call.status >= 400, DRY: call.is_dry_run}
    return (
        outcome.get(asked["outcome"], True)
        and asked["method"] in ("", call.method)
        and asked["key"] in ("", call.key_prefix)
        and asked["path"].casefold() in call.path.casefold()
    )


def _row(request: AdminRequest, call: Call) -> CallRow:
    tone = "success" if call.status < 400 else "critical" if call.status >= 500 else "warning"
    return CallRow(call, call.happened_at, urlsplit(call.path).path, tone, link(request, "api_call", call.id))
