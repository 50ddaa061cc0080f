"""The doors Shopify knocks at: one per topic group (shopify.app.toml). Verify, store, 200."""

from __future__ import annotations

import structlog
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shopify_app.auth import signatures
from shopify_app.webhooks import inbox
from shopify_app.webhooks.tasks import work_on
from shopify_app.webhooks.topics.table import GROUPS

log = structlog.get_logger(__name__)

LARGEST_BODY = 5 * 1024 * 1024  # bytes


@csrf_exempt
@require_POST
def receive(request: HttpRequest, group: str) -> HttpResponse:
    """Take one webhook in: 401 unless signed, 200 once stored, known or not.

    The signature covers the body alone. So the topic must belong to the group whose address was called, and the shop
    is compared with the body where the body names one. Both mismatches are stored nowhere and answered 401: the
    headers are not Shopify's.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return HttpResponse(status=413)
    raw = request.body
    if not signatures.body_is_signed(raw, request.headers.get(signatures.HEADER)):
        return HttpResponse(status=401)
    try:
        received = inbox.Envelope.read(request.headers, raw, topics=GROUPS[group])
    except inbox.Malformed as reason:
        log.warning("webhook turned away", group=group, reason=str(reason))
        return HttpResponse(status=401)
    try:
        stored = inbox.store(received, now=timezone.now())
    except DatabaseFault:  # an interface fault (a connection that is gone) is one too
        log.exception("webhook could not be stored")
        connection.close()  # a broken connection must not serve the next request
        return HttpResponse(status=503)  # Shopify sends it again
    if stored is not None:
        row_id = stored.pk
        # robust: losing the broker must not lose the answer; the sweep finds the row
        transaction.on_commit(lambda: nudge(row_id), robust=True)
    return HttpResponse(status=200)


def nudge(row_id: int) -> None:
    """Tell a worker that a row is there."""
    work_on.delay(row_id)
