"""The address Flow tells whether a workflow uses one of our triggers: `POST /flow/lifecycle` (shopify facts, 3.3).

Anything but 2xx within five seconds keeps the merchant from switching the workflow on, so this reads one small body and
writes one row. Shopify's id of a trigger's definition is documented by an example that is a trigger's name. Whether it is
that, the handle or something else is unverified: name and handle are understood in any case, and what is neither is kept
and changes nothing, so that a misunderstanding costs sends nobody listens to and never a workflow that does not start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from flow_extensions.bodies import UnreadableBody, is_storable, opened
from flow_extensions.triggers.registry import handle_of
from shopify_app.auth.signatures import HEADER, body_is_signed
from shopify_app.shops.listening import note_listening
from shopify_app.shops.queries import installed_shop

MAX_BODY = 16 * 1024
"""Bytes; five short fields are far below."""
LONGEST_ID = 255
_SWITCHES = {True: True, False: False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback; `told_at` is Shopify's own time of it."""

    shop_domain: str
    definition_id: str
    has_enabled_flow: bool
    told_at: datetime


@csrf_exempt  # no browser comes here: Shopify's signature over the raw body is the proof
@require_POST
def lifecycle(request: HttpRequest) -> HttpResponse:
    """Notes whether somebody listens to a trigger. Older news and repeats change nothing and are answered alike."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return _sentence(413, "The request is too large.")
    if not body_is_signed(request.body, request.headers.get(HEADER)):
        return _sentence(401, "The signature is not Shopify's.")
    try:
        callback = read(request.body)
    except UnreadableBody as fault:
        return _sentence(400, str(fault))
    shop = installed_shop(callback.shop_domain)
    if shop is None:
        return _sentence(404, "Encore is not installed in this shop.")
    note_listening(
        shop=shop,
        trigger=handle_of(callback.definition_id) or callback.definition_id,
        is_listening=callback.has_enabled_flow,
        told_at=callback.told_at,
    )
    return HttpResponse(status=200)


def read(raw_body: bytes) -> Callback:
    """Reads a signed body.

    Raises:
        UnreadableBody: It is not JSON, or a field is missing or wrong.
    """
    body, shop = opened(raw_body)
    definition_id = body.get("flow_trigger_definition_id")
    definition_id = str(definition_id).strip() if isinstance(definition_id, str | int) else ""
    if not definition_id or len(definition_id) > LONGEST_ID or not is_storable(definition_id):
        raise UnreadableBody("The request has no usable flow_trigger_definition_id.")
    switch = body.get("has_enabled_flow")
    if not isinstance(switch, bool | str) or switch not in _SWITCHES:
        raise UnreadableBody("has_enabled_flow must be true or false.")
    return Callback(shop, definition_id, _SWITCHES[switch], _instant(body.get("timestamp")))


def _instant(value: object) -> datetime:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise UnreadableBody("The timestamp must be an ISO 8601 date and time.")
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _sentence(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
