"""The address Flow calls: `POST /flow/actions/<handle>`. A plain view, because it is the hottest door.

What each answer does to the run (shopify.dev, Flow action endpoints): 200 finishes it with a return value; a 4xx fails
it for good with a sentence in the merchant's run log; 503 makes Flow come back with the same run.
"""

from __future__ import annotations

import logging

from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from flow_extensions.actions.registry import HANDLERS
from flow_extensions.actions.runs import BadProperty, UnreadableRun, read
from loyalty.errors import Refusal
from shopify_app.auth.signatures import HEADER, body_is_signed

MAX_BODY = 64 * 1024
"""Bytes; a run's properties are far below."""
STATUSES = {
    "not_found": 404,
    "already_awarded": 409,
    "idempotency_key_reused": 409,
    "customer_excluded": 403,
    "plan_required": 403,
}
"""Refusals over HTTP; any other is 422. To Flow they are all the same: final."""
_log = logging.getLogger(__name__)


@csrf_exempt  # no browser comes here: Shopify's signature over the raw body is the proof
@require_POST
def receive(request: HttpRequest, handle: str) -> HttpResponse:
    """Verifies the signature on the raw bytes, then lets the action's handler answer."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return sentence(413, "The request is too large.")
    raw_body = request.body
    if not body_is_signed(raw_body, request.headers.get(HEADER)):
        return sentence(401, "The request is not signed by Shopify.")
    handler = HANDLERS.get(handle)
    if handler is None:
        return sentence(404, f"Encore has no Flow action '{handle}'.")
    try:
        answer = handler(read(raw_body, handle=handle), timezone.now())
    except (UnreadableRun, BadProperty) as wrong:
        return sentence(400, str(wrong))
    except Refusal as refusal:
        if refusal.code == "try_again":
            return sentence(503, refusal.sentence)
        return sentence(STATUSES.get(refusal.code, 422), refusal.sentence)
    except DatabaseFault:  # an interface fault (a connection that is gone) is one too
        _log.exception("a Flow run could not be worked and will come again")
        connection.close()  # a broken connection must not serve the next run
        return sentence(503, "Encore is busy; Flow will try again.")
    return HttpResponse(answer, content_type="application/json; charset=utf-8")


def sentence(status: int, text: str) -> HttpResponse:
    """Returns an answer that Flow shows in the merchant's run log."""
    return HttpResponse(text.rstrip(".") + ".", status=status, content_type="text/plain; charset=utf-8")
