"""Deliveries: everything Encore tells others, with its state, what was sent, what was answered, and sending it again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from loyalty.errors import NotFound
from loyalty.outbox import queries
from loyalty.outbox.models import Delivery
from loyalty.outbox.operations import send_again as send_delivery_again
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show
from shopify_app.dashboard.paging import paged

TONES = {"done": "success", "dead": "critical", "unknown": "warning", "pending": "info", "sending": "info"}


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery as the pages show it; request and answer are text, as they were sent and received."""

    id: int
    what: str
    destination: str
    state: str
    label: str
    tone: str
    attempts: int
    created_at: datetime
    finished_at: datetime | None
    next_attempt_at: datetime | None
    member_id: int | None
    status: int | None
    error: str
    request: str
    response: str
    is_resendable: bool


def _pretty(value: object) -> str:
    """JSON indented for reading; other text as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)


def _view(delivery: Delivery) -> DeliveryView:
    kind = delivery.event.kind if delivery.event else delivery.subject or "sync"
    return DeliveryView(
        id=delivery.pk,
        what=str(kind).replace(".", " ").replace("_", " ").capitalize(),
        destination=delivery.destination.replace(":", ": ").replace("_", " "),
        state=delivery.state,
        label=delivery.get_state_display(),
        tone=TONES.get(delivery.state, "neutral"),
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        finished_at=delivery.finished_at,
        next_attempt_at=delivery.next_attempt_at if delivery.state == Delivery.State.PENDING else None,
        member_id=delivery.member_id or (delivery.event.member_id if delivery.event else None),
        status=delivery.last_status,
        error=delivery.last_error,
        request=_pretty(delivery.last_request) if delivery.last_request else "",
        response=_pretty(delivery.last_response) if delivery.last_response else "",
        is_resendable=delivery.state != Delivery.State.SENDING,
    )


@require_GET
@page
def deliveries(request: AdminRequest) -> HttpResponse:
    """Lists deliveries, newest first, by state where one is asked for."""
    state = request.GET.get("state", "")
    state = state if state in Delivery.State.values else ""
    rows, pager = paged(request, queries.deliveries(state=state))
    counts = queries.count_by_state()
    states = [(value, f"{label} ({counts.get(value, 0):,})") for value, label in Delivery.State.choices]
    context = {
        "heading": "Deliveries",
        "rows": [_view(row) for row in rows],
        "pager": pager,
        "state": state,
        "states": states,
        "failed_count": counts.get(Delivery.State.DEAD, 0),
    }
    return show(request, "dashboard/deliveries/list.html", context)


@require_GET
@page
def delivery(request: AdminRequest, delivery_id: int) -> HttpResponse:
    """Shows one delivery with its last request and answer."""
    try:
        found = queries.delivery(delivery_id=delivery_id)
    except NotFound as error:
        raise Http404(error.sentence) from error
    view = _view(found)
    return show(request, "dashboard/deliveries/detail.html", {"heading": view.what, "delivery": view})


@require_POST
@page
def send_again(request: AdminRequest, delivery_id: int) -> HttpResponse:
    """Puts a delivery back in the queue; receivers recognise it by its event id."""
    try:
        send_delivery_again(delivery_id=delivery_id, now=timezone.now())
    except NotFound as error:
        raise Http404(error.sentence) from error
    return saved(request, link(request, "delivery", delivery_id), "On its way again.")
