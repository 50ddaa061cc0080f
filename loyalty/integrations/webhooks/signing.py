"""Both signatures of a webhook: the contract's over timestamp and body, and Standard Webhooks' beside it. Pure.

Source: rest-api facts, section 12.1; reliability facts, section 6.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from loyalty.instants import instant

USER_AGENT = "Encore-Webhook/1.0"


def headers(
    *, name: str, event_id: str, body: bytes, secrets: Sequence[str], sequence: int | None, now: datetime, is_test: bool
) -> dict[str, str]:
    """Returns the headers of one attempt.

    Args:
        secrets: The present secret, then one that was replaced less than a day ago, if any.
        now: The time of this attempt, which is signed.
    """
    stamp, seconds = instant(now), str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Webhook-Event": name,
        "X-Webhook-Id": event_id,
        "X-Webhook-Timestamp": stamp,
        "X-Webhook-Signature": contract(secrets[0], stamp, body),
        **({"X-Webhook-Sequence": str(sequence)} if sequence is not None else {}),
        **({"X-Webhook-Test": "true"} if is_test else {}),
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(standard(secret, event_id, seconds, body) for secret in secrets),
    }


def contract(secret: str, timestamp: str, body: bytes) -> str:
    """Returns `sha256=` and the HMAC over `timestamp.body`, keyed by the secret as text."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def standard(secret: str, event_id: str, seconds: str, body: bytes) -> str:
    """Returns `v1,` and the HMAC over `id.seconds.body`, keyed by the secret read as base64."""
    key = base64.b64decode(secret)
    signed = f"{event_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
