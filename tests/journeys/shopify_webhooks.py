"""Webhooks as Shopify delivers them and as the worker works on them, for tests."""

import base64
import hashlib
import hmac
import json

from django.conf import settings
from django.test import Client

from shopify_app.webhooks.models import ReceivedWebhook
from shopify_app.webhooks.tasks import work_on
from shopify_app.webhooks.topics.table import GROUPS


def signed(domain, topic, payload, *, raw=None, secret=None, webhook_id="w-1", **headers):
    """Body and headers as Shopify sends them."""
    body = json.dumps(payload).encode() if raw is None else raw
    key = (settings.SHOPIFY_CLIENT_SECRETS[0] if secret is None else secret).encode()
    sent = {
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode(),
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-API-Version": "2026-10",
        **headers,
    }
    return body, sent


def deliver(domain, topic, payload, *, group=None, **changes):
    """POST as Shopify does; returns the answer."""
    body, headers = signed(domain, topic, payload, **changes)
    groups = {known: name for name, topics in GROUPS.items() for known in topics}
    path = f"/webhooks/{group or groups[topic]}"
    return Client().post(path, data=body, content_type="application/json", headers=headers)


def work_off() -> ReceivedWebhook:
    """Do what the worker does, for the newest row."""
    row = ReceivedWebhook.objects.latest("pk")
    work_on(row.pk)
    row.refresh_from_db()
    return row
