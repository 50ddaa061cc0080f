"""Deliveries: everything that goes out, with its state, what was sent, what was answered, and sending one or many again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.deliveries import operations, queries
from loyalty.deliveries.families import families, hooks, recognises
from loyalty.deliveries.showing import MARK, Outgoing, shown, words_of
from loyalty.errors import NotFound, Refusal
from loyalty.events import EventKind
from loyalty.outbox import queries as outbox
from loyalty.outbox.filters import SYNC
from loyalty.outbox.models import Delivery
from loyalty.outbox.pruning import KEPT
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.delivery_filters import asked_of
from shopify_app.dashboard.delivery_rows import AttemptView, again_of, attempt_view, lines_of, pretty, rows_of, sent
from shopify_app.dashboard.pages import link, saved, show
from shopify_app.dashboard.paging import leafed
from shopify_app.dashboard.reading import number

SHOWN_ATTEMPTS = 20


@require_GET
@page
def deliveries(request: AdminRequest) -> HttpResponse:
    """Lists what went out and what waits to, newest first, by every filter of the address; and how each family stands."""
    asked, now = asked_of(request.GET, request.program), timezone.now()
    found, pager = leafed(request, queries.outgoing(asked.wanted))
    every, hooked, lines = families(), hooks(), lines_of(now=now)
    context = {
        "heading": _("Deliveries"),
        "rows": rows_of(request, shown(found)),
        "pager": pager,
        "asked": asked.said,
        "is_filtered": asked.is_filtered,
        "now_text": now.isoformat(),
        "families": list(every.values()),
        "states": [(str(each), str(each.label)) for each in Delivery.State],
        "kinds": [(SYNC, words_of(SYNC)), *((str(kind), words_of(kind)) for kind in EventKind)],
        "webhooks": list(hooked.values()),
        "lines": [each for each in lines if not asked.is_filtered or each.name == asked.said.get("to")],
        "has_lines": bool(lines),
        "is_of_codes": asked.wanted.to in queries.CODE_FAMILIES,
        "again": again_of(asked),
        "kept_days": KEPT.days,
        "back_to_webhook": next(
            (hook for hook in hooked.values() if hook.public_id == asked.said.get("webhook")), None
        ),
    }
    return show(request, "dashboard/deliveries/list.html", context)


@require_GET
@page
def delivery(request: AdminRequest, delivery_id: int) -> HttpResponse:
    """Shows one delivery with its last request and answer."""
    log = [attempt_view(row) for row in outbox.attempts(delivery_id=delivery_id)[:SHOWN_ATTEMPTS]]
    return _detail(request, f"{MARK}{delivery_id}", log)


@require_GET
@page
def code(request: AdminRequest, public_id: str) -> HttpResponse:
    """Shows one code or store credit: what was asked of Shopify, and what came of it."""
    return _detail(request, public_id, [])


def _detail(request: AdminRequest, id_: str, log: list[AttemptView]) -> HttpResponse:
    (it,) = shown([_found(id_)])
    is_code = not it.id.startswith(MARK)
    context = {
        "heading": it.what,
        "row": rows_of(request, [it])[0],
        "it": it,
        "is_code": is_code,
        "request_text": sent(it.request) if it.request else "",
        "response_text": pretty(it.response) if it.response else "",
        "log": log,
        "recognises": is_code or recognises(outbox.delivery(delivery_id=int(it.id.removeprefix(MARK))).destination),
        "resend": link(request, "code_again", it.id) if is_code else link(request, "delivery_resend", int(it.id[4:])),
        "kept_days": KEPT.days,
    }
    return show(request, "dashboard/deliveries/detail.html", context)


@require_POST
@page
def send_again(request: AdminRequest, delivery_id: int) -> HttpResponse:
    """Puts a delivery back in the queue, under its event's id."""
    return _replayed(request, f"{MARK}{delivery_id}", link(request, "delivery", delivery_id), _("On its way again."))


@require_POST
@page
def code_again(request: AdminRequest, public_id: str) -> HttpResponse:
    """Has a code made again that failed."""
    return _replayed(request, public_id, link(request, "code", public_id), _("It is being made again."))


def _replayed(request: AdminRequest, id_: str, to: str, said: str) -> HttpResponse:
    _found(id_)
    try:
        operations.replay(id_=id_, now=timezone.now())
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    return saved(request, to, said)


@require_POST
@page
def send_all_again(request: AdminRequest) -> HttpResponse:
    """Puts all of a filter back in the queue that has come to an end; what is left over stays in view, to be pressed again."""
    asked = asked_of(request.POST, request.program)
    to = link(request, "deliveries")
    kept = {name: value for name, value in asked.said.items() if name != "before"}
    try:
        done = operations.replay_all(wanted=asked.wanted, program_id=request.program.pk, now=timezone.now())
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    if done.has_more:
        kept["before"] = asked.said.get("before", "")
        more = _("%(queued)s are on their way. These are left: press again to send more.") % {
            "queued": number(done.queued)
        }
        return saved(request, f"{to}?{urlencode(kept)}", more)
    said = (
        _("%(queued)s on their way again.") % {"queued": number(done.queued)}
        if done.queued
        else _("There was nothing to send again.")
    )
    return saved(request, f"{to}?{urlencode(kept)}", said)


def _found(id_: str) -> Outgoing:
    try:
        return queries.find(id_)
    except NotFound as error:
        raise Http404(error.sentence) from error
