"""The address Flow calls: `POST /flow/actions/<handle>`, the hottest door.

`FlowDoor` stands in front of Django's handler and answers without its middleware: no browser comes here, the signature
is the whole proof, and the stack costs a third of an award (docs/adr/0012). `receive` is the same door as a view, for
whoever serves the URLconf alone.

What each answer does to the run (shopify.dev, Flow action endpoints): 200 finishes it with a return value; a 4xx fails
it for good with a sentence in the merchant's run log; 503 makes Flow come back with the same run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from flow_extensions.actions.registry import HANDLERS
from flow_extensions.actions.runs import BadProperty, read
from flow_extensions.bodies import UnreadableBody
from loyalty.errors import Refusal
from shopify_app.auth.signatures import HEADER, body_is_signed

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESS = "/flow/actions/"

MAX_BODY = 64 * 1024
"""Bytes; a run's properties are far below."""
STATUSES = {
    "not_found": 404,
    "already_awarded": 409,
    "earning_limit_reached": 409,
    "idempotency_key_reused": 409,
    "customer_excluded": 403,
    "plan_required": 403,
}
"""Refusals over HTTP; any other is 422. To Flow they are all the same: final."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Flow gets. A sentence of plain text stands in the merchant's run log; a 200 carries a return value."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


class FlowDoor:
    """Answers Flow and passes every other request on.

    Args:
        application: Django's own handler.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request, as WSGI has it."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(ADDRESS):
            return self.application(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdecimal() else 0
        answer = (
            sentence(413, "The request is too large.")
            if size > MAX_BODY
            else answer_to(
                method=environ["REQUEST_METHOD"],
                handle=path.removeprefix(ADDRESS),
                raw_body=environ["wsgi.input"].read(size) if size else b"",
                signature=environ.get("HTTP_X_SHOPIFY_HMAC_SHA256"),
            )
        )
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("X-Content-Type-Options", "nosniff"),
            *((("Allow", "POST"),) if answer.status == 405 else ()),
        ]
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [answer.body]


@csrf_exempt  # no browser comes here: Shopify's signature over the raw body is the proof
def receive(request: HttpRequest, handle: str) -> HttpResponse:
    """The door as a Django view."""
    answer = (
        sentence(413, "The request is too large.")
        if int(request.headers.get("Content-Length") or 0) > MAX_BODY
        else answer_to(
            method=str(request.method), handle=handle, raw_body=request.body, signature=request.headers.get(HEADER)
        )
    )
    headers = {"Allow": "POST"} if answer.status == 405 else None
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type, headers=headers)


def answer_to(*, method: str, handle: str, raw_body: bytes, signature: str | None) -> Answer:
    """Verifies the signature on the raw bytes, then lets the action's handler answer."""
    if method != "POST":
        return sentence(405, "Flow runs are sent by POST.")
    if not body_is_signed(raw_body, signature):
        return sentence(401, "The request is not signed by Shopify.")
    handler = HANDLERS.get(handle)
    if handler is None:
        return sentence(404, f"Encore has no Flow action '{handle}'.")
    try:
        return Answer(200, handler(read(raw_body, handle=handle), timezone.now()), "application/json; charset=utf-8")
    except (UnreadableBody, BadProperty) as wrong:
        return sentence(400, str(wrong))
    except Refusal as refusal:
        if refusal.code == "try_again":
            return sentence(503, refusal.sentence)
        return sentence(STATUSES.get(refusal.code, 422), refusal.sentence)
    except DatabaseFault:  # an interface fault (a connection that is gone) is one too
        _log.exception("a Flow run could not be worked and will come again")
        connection.close()  # a broken connection must not serve the next run
        return sentence(503, "Encore is busy; Flow will try again.")
    except Exception:  # a fault of ours: nothing stands above this door to log it, and Flow comes back after a 500
        _log.exception("a Flow run met a fault in Encore and will come again")
        return sentence(500, "Encore could not work this run; Flow will try again.")


def sentence(status: int, text: str) -> Answer:
    """Returns an answer that Flow shows in the merchant's run log."""
    return Answer(status, (text.rstrip(".") + ".").encode())
