"""Switching a workflow on and off, and telling the app that a trigger of its is listened to or no longer.

An app that declares the callback and does not answer 2xx within five seconds keeps the merchant from switching on; off it
goes whatever the app says. The definition's id is the trigger's name, as in Shopify's example (facts/shopify.md 3.3).
"""

import json
import secrets

from sandbox import delivery, signing
from sandbox.project import Extension
from sandbox.store.database import Record
from sandbox.store.values import now
from sandbox.world import World

TIMEOUT_SECONDS = 5.0


def switch(world: World, store: Record, trigger: Extension, *, on: bool) -> Record:
    """Switch the one workflow that begins with a trigger; the record says whether it is on, and what the app answered."""
    url = world.app.lifecycle_url
    attempt = _tell(world, store, trigger, url, on=on) if url else None
    accepted = attempt is None or (attempt["status"] is not None and 200 <= attempt["status"] < 300)
    with world.database.transaction():
        before = world.database.get(store["domain"], "flow_workflow", trigger.handle) or {"is_on": False}
        workflow = {
            "handle": trigger.handle,
            "is_on": on if accepted or not on else before["is_on"],
            "attempt": attempt,
        }
        world.database.put(store["domain"], "flow_workflow", trigger.handle, workflow)
    return workflow


def _tell(world: World, store: Record, trigger: Extension, url: str, *, on: bool) -> Record:
    content = {
        "flow_trigger_definition_id": trigger.name,
        "has_enabled_flow": on,
        "shop_id": store["id"],
        "shopify_domain": store["domain"],
        "timestamp": now().isoformat(timespec="milliseconds"),
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Hmac-Sha256": signing.body_hmac(body, world.settings.client_secrets[0]),
        "X-Shopify-Shop-Domain": store["domain"],
        "X-Request-Id": secrets.token_hex(8),
        "User-Agent": "Shopify-Flow (sandbox)",
    }
    return delivery.post(url, body, headers, timeout_seconds=TIMEOUT_SECONDS)
