"""Deliveries: everything Encore tells others, with its state, what was sent, what was answered, and sending it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from loyalty.errors import NotFound
from loyalty.integrations.webhooks import queries as webhooks
from loyalty.integrations.webhooks.destinations import DESTINATION as WEBHOOK
from loyalty.integrations.webhooks.destinations import family_of, parts_of
from loyalty.outbox import queries
from loyalty.outbox.models import Attempt, Delivery
from loyalty.outbox.operations import send_again as send_delivery_again
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show
from shopify_app.dashboard.paging import paged

OUTCOMES = {
    "done": ("Delivered", "success"), "retry": ("Failed", "warning"), "dead": ("Refused", "critical"),
    "unknown": ("Unclear", "warning"), "paused": ("Waiting", "info"),
}  # fmt: skip
SHOWN_ATTEMPTS = 20
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
    is_test: bool


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt at a delivery as its page shows it."""

    number: int
    at: datetime
    milliseconds: int
    label: str
    tone: str
    said: str


def _attempt(row: Attempt) -> AttemptView:
    label, tone = OUTCOMES.get(row.outcome, (row.outcome.capitalize(), "neutral"))
    said = f"Answered {row.status}" if row.status else row.error
    return AttemptView(row.number, row.at, row.milliseconds, label, tone, said)


def _pretty(value: object) -> str:
    """JSON indented for reading; other text as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)


def _sent(request: Mapping[str, object]) -> str:
    """What was sent, a body of JSON unfolded for reading."""
    body = request.get("body")
    try:
        return _pretty({**request, "body": json.loads(body)} if isinstance(body, str) else request)
    except ValueError:
        return _pretty(request)


def _destination(name: str, hosts: Mapping[int, str]) -> str:
    """Where a delivery goes, in words; a webhook by its address."""
    if name.startswith(f"{WEBHOOK}:"):
        return hosts.get(parts_of(name)[0], "a deleted webhook")
    return name.replace(":", ": ").replace("_", " ")


def _hosts() -> dict[int, str]:
    """The addresses of the shop's webhooks, by our own number."""
    return {row.pk: urlsplit(row.url).hostname or row.url for row in webhooks.subscriptions()}


def _view(delivery: Delivery, hosts: Mapping[int, str]) -> DeliveryView:
    kind = delivery.event.kind if delivery.event else delivery.subject or "sync"
    return DeliveryView(
        id=delivery.pk,
        what=str(kind).replace(".", " ").replace("_", " ").capitalize(),
        destination=_destination(delivery.destination, hosts),
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
        request=_sent(delivery.last_request) if delivery.last_request else "",
        response=_pretty(delivery.last_response) if delivery.last_response else "",
        is_resendable=delivery.state != Delivery.State.SENDING,
        is_test=delivery.event is not None and delivery.event.is_test,
    )


@require_GET
@page
def deliveries(request: AdminRequest) -> HttpResponse:
    """Lists deliveries, newest first, by state where one is asked for."""
    state = request.GET.get("state", "")
    state = state if state in Delivery.State.values else ""
    webhook = webhooks.subscriptions().filter(public_id=request.GET.get("webhook", "")).first()
    family = family_of(webhook.pk) if webhook else ""
    rows, pager = paged(request, queries.deliveries(state=state, family=family))
    hosts = _hosts()
    counts = queries.count_by_state()
    states = [(value, f"{label} ({counts.get(value, 0):,})") for value, label in Delivery.State.choices]
    context = {
        "heading": "Deliveries",
        "rows": [_view(row, hosts) for row in rows],
        "pager": pager,
        "state": state,
        "webhook": webhook.public_id if webhook else "",
        "to": hosts[webhook.pk] if webhook else "",
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
    view = _view(found, _hosts())
    log = [_attempt(row) for row in queries.attempts(delivery_id=delivery_id)[:SHOWN_ATTEMPTS]]
    context = {"heading": view.what, "delivery": view, "log": log}
    return show(request, "dashboard/deliveries/detail.html", context)


@require_POST
@page
def send_again(request: AdminRequest, delivery_id: int) -> HttpResponse:
    """Puts a delivery back in the queue; receivers recognise it by its event id."""
    try:
        send_delivery_again(delivery_id=delivery_id, now=timezone.now())
    except NotFound as error:
        raise Http404(error.sentence) from error
    return saved(request, link(request, "delivery", delivery_id), "On its way again.")
