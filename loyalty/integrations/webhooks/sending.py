"""Sending a body to a subscription: signed with its secrets, and told of with the signatures left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from loyalty.integrations.webhooks import client, signing
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import secrets_of
from loyalty.outbox.ports import Outcome


def send(
    row: WebhookSubscription, *, name: str, event_id: str, body: str, sequence: int | None, is_test: bool, now: datetime
) -> Outcome:
    """Makes one attempt, and returns what came of it with what was sent; signatures are nobody's to read.

    Args:
        now: The time of this attempt, which is signed.
    """
    raw = body.encode()
    headers = signing.headers(
        name=name, event_id=event_id, body=raw, secrets=secrets_of(row, now=now), sequence=sequence, now=now,
        is_test=is_test,
    )  # fmt: skip
    shown = {header: "[signature]" if "signature" in header.lower() else value for header, value in headers.items()}
    outcome = client.post(row.url, raw, headers)
    return replace(outcome, request={"url": row.url, "headers": shown, "body": body}, body=body)
