"""Answers kept under a caller's key, for writes that leave no row a key could stand in: enrolments and profiles."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from rest_framework.response import Response

from loyalty.api.v1.base import ApiView
from loyalty.errors import IdempotencyKeyReused
from loyalty.idempotency.operations import first_answer, lock_key, remember

KEPT = timedelta(days=30)


def once(view: ApiView, run: Callable[[], Response]) -> Response:
    """Runs a write once per `Idempotency-Key` and path; the same request again gets the first answer, for 30 days.

    A refusal is not kept: the same key is judged afresh. Two at once: the second waits for the first.

    Raises:
        IdempotencyKeyReused: The key came with another body.
        OperationalError: The first is still under way; the door answers 409.
    """
    key = view.idempotency_key()
    if key is None:
        return run()
    scope, digest = view.header_scope(), view.request_digest()
    with transaction.atomic():
        lock_key(program_id=view.program.pk, scope=scope, key=key)
        first = first_answer(scope=scope, key=key, now=view.now)
        if first is not None and first.fingerprint != digest:
            raise IdempotencyKeyReused
        if first is not None:
            return Response(json.loads(first.body), headers={"Idempotent-Replayed": "true"})
        answer = run()
        remember(
            program_id=view.program.pk, scope=scope, key=key, fingerprint=digest, status_code=answer.status_code,
            body=json.dumps(answer.data), now=view.now, expires_at=view.now + KEPT,
        )  # fmt: skip
        return answer
