"""Storing a webhook once, and claiming it for work (reliability.md 4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import F, Q

from shopify_app.shops.domains import is_shop_domain
from shopify_app.webhooks.models import ReceivedWebhook

LEASE = timedelta(seconds=130)  # longer than a task's hard time limit: its claim cannot end before it does
RETRY_DELAYS = [timedelta(seconds=s) for s in (10, 60, 600, 3600, 6 * 3600)]
BODY_KEPT = timedelta(days=30)
# Bodies that are about a shop name it in one of these.
SHOP_FIELDS = ("shop_domain", "myshopify_domain")


class Malformed(Exception):
    """Signed, and yet not what this address takes."""


@dataclass(frozen=True)
class Envelope:
    """One delivery, read and checked."""

    webhook_id: str
    topic: str
    shop_domain: str
    api_version: str
    triggered_at: datetime | None
    body: str

    @classmethod
    def read(cls, headers: Mapping[str, str], raw: bytes, *, topics: Collection[str]) -> Self:
        """Read the headers against the signed body.

        Raises:
            Malformed: another group's topic, no shop or another shop than the body's, no id, or no JSON object.
        """
        topic, shop = headers.get("X-Shopify-Topic", ""), headers.get("X-Shopify-Shop-Domain", "").lower()
        webhook_id = headers.get("X-Shopify-Webhook-Id", "")
        if topic not in topics:
            raise Malformed("a topic of another address")
        if not is_shop_domain(shop) or not 0 < len(webhook_id) <= 255:
            raise Malformed("no shop or no id")
        try:
            text = raw.decode()
            payload = json.loads(text)
        except (ValueError, RecursionError):  # the latter: nested deeper than Python reads
            raise Malformed("no JSON") from None
        if not isinstance(payload, dict):
            raise Malformed("no JSON object")
        named = [str(payload[name]).lower() for name in SHOP_FIELDS if payload.get(name)]
        if any(name != shop for name in named):
            raise Malformed("the body names another shop")
        version = headers.get("X-Shopify-API-Version", "")[:20]
        return cls(webhook_id, topic, shop, version, _instant(headers.get("X-Shopify-Triggered-At", "")), text)


def store(envelope: Envelope, *, now: datetime) -> ReceivedWebhook | None:
    """Insert or ignore by webhook id.

    Returns:
        The new row; None for a repeat, whose body is neither compared nor kept.
    """
    row = ReceivedWebhook(
        webhook_id=envelope.webhook_id,
        topic=envelope.topic,
        shop_domain=envelope.shop_domain,
        api_version=envelope.api_version,
        body=envelope.body,
        body_sha256=hashlib.sha256(envelope.body.encode()).hexdigest(),
        next_attempt_at=now,
        # The header is not signed, so it may date an event back, never forward.
        triggered_at=min(envelope.triggered_at or now, now),
        received_at=now,
    )
    ReceivedWebhook.objects.bulk_create([row], ignore_conflicts=True)
    return ReceivedWebhook.objects.filter(webhook_id=row.webhook_id, received_at=now, attempts=0).first()


def claim(row_id: int, *, now: datetime) -> ReceivedWebhook | None:
    """Take a due row for one attempt; None when it is finished, not due, or someone else's.

    The attempt is counted before the work, so that a body that kills its worker cannot do so for ever.
    """
    changed = ReceivedWebhook.objects.filter(pk=row_id, state="pending", next_attempt_at__lte=now).update(
        attempts=F("attempts") + 1, next_attempt_at=now + LEASE
    )
    return ReceivedWebhook.objects.get(pk=row_id) if changed else None


def finish(row: ReceivedWebhook, state: ReceivedWebhook.State, *, now: datetime, reason: str = "") -> None:
    """Write an outcome down. Inside the work's own transaction it holds exactly when the work does."""
    ReceivedWebhook.objects.filter(pk=row.pk, attempts=row.attempts).update(
        state=state, reason=reason[:300], finished_at=now
    )


def postpone(row: ReceivedWebhook, *, now: datetime, reason: str) -> None:
    """After a failed attempt: the next one by the schedule, or `failed` after the last."""
    if row.attempts > len(RETRY_DELAYS):
        finish(row, ReceivedWebhook.State.FAILED, now=now, reason=reason)
        return
    ReceivedWebhook.objects.filter(pk=row.pk, attempts=row.attempts).update(
        next_attempt_at=now + RETRY_DELAYS[row.attempts - 1], reason=reason[:300]
    )


def due(*, now: datetime, limit: int = 500) -> list[int]:
    """Rows whose time has come, oldest first."""
    rows = ReceivedWebhook.objects.filter(state="pending", next_attempt_at__lte=now).order_by("next_attempt_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def drop_old_bodies(*, now: datetime) -> int:
    """Forget the bodies of work finished 30 days ago; returns how many."""
    return ReceivedWebhook.objects.filter(finished_at__lt=now - BODY_KEPT, body__isnull=False).update(body=None)


def replay(*, topic: str, since: datetime, now: datetime) -> int:
    """Make stored webhooks of a topic due again; what they do is idempotent. Returns how many."""
    finished = ReceivedWebhook.objects.filter(~Q(state="pending"), topic=topic, received_at__gte=since)
    return finished.filter(body__isnull=False).update(state="pending", attempts=0, next_attempt_at=now, reason="")


def forget_customer(*, shop_domain: str, shopify_customer_id: int) -> None:
    """Drop every stored body that names a customer; what was still to be done with one of them is void.

    Bodies are encrypted, so they are read one by one; a shop's inbox holds 30 days.
    """
    rows = ReceivedWebhook.objects.filter(shop_domain=shop_domain, body__isnull=False)
    about = [row.pk for row in rows.iterator() if names_customer(json.loads(row.body or "{}"), shopify_customer_id)]
    ReceivedWebhook.objects.filter(pk__in=about).update(body=None)


def names_customer(payload: dict[str, Any], shopify_customer_id: int) -> bool:
    """Whether a payload is about this customer: a customer's own, or one inside an order or request."""
    customer = payload.get("customer")
    inside = customer.get("id") if isinstance(customer, dict) else None
    return shopify_customer_id in (payload.get("id"), inside)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
