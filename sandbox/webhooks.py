"""Sending webhooks: signed, to the address the app's TOML subscribes, with Shopify's retries shortened.

5 seconds for the answer; anything but 2xx, a redirect included, is a failure; 8 retries (facts/shopify.md 6).
"""

import json
import time
import uuid
from typing import Any

from sandbox import delivery, signing
from sandbox.admin_api import tokens
from sandbox.store import customers, orders, stores
from sandbox.store.database import Record
from sandbox.store.values import now
from sandbox.world import World

TIMEOUT_SECONDS = 5.0
WAITS_SECONDS = (10, 30, 60, 300, 900, 1800, 3600, 7200)  # 8 retries within 4 hours
API_VERSION = "2026-10"


def send(world: World, store: Record, topic: str, payload: Any) -> list[Record]:
    """Send a topic to everyone subscribed to it and wait for the first attempts. An unsubscribed topic goes nowhere."""
    event = str(uuid.uuid4())
    sent = []
    for subscribed, url in world.app.subscriptions:
        if subscribed != topic:
            continue
        identity = str(uuid.uuid4())
        record = {
            "id": identity,
            "event_id": event,
            "topic": topic,
            "url": url,
            "payload": payload,
            "triggered_at": now().isoformat(),
            "state": "running",
            "attempts": [],
        }
        world.database.put(store["domain"], "webhook", identity, record)
        if not _attempt(world, store["domain"], identity):
            delivery.later(_retry, world, store["domain"], identity)
        sent.append(world.database.get(store["domain"], "webhook", identity) or record)
    return sent


def redeliver(world: World, store: Record, identity: str) -> Record:
    """Deliver a webhook once more under the same id, as Shopify may. Raises KeyError for an unknown one."""
    if world.database.get(store["domain"], "webhook", identity) is None:
        raise KeyError(identity)
    _attempt(world, store["domain"], identity)
    return world.database.get(store["domain"], "webhook", identity) or {}


def _retry(world: World, domain: str, identity: str) -> None:
    for wait in WAITS_SECONDS:
        time.sleep(wait * world.settings.retry_scale)
        if _attempt(world, domain, identity):
            return
    with world.database.transaction():
        record = world.database.get(domain, "webhook", identity)
        if record is not None:
            world.database.put(domain, "webhook", identity, {**record, "state": "failed"})


def _attempt(world: World, domain: str, identity: str) -> bool:
    record = world.database.get(domain, "webhook", identity)
    if record is None:
        return True
    body = json.dumps(record["payload"], ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook (sandbox)",
        "X-Shopify-Topic": record["topic"],
        "X-Shopify-Hmac-Sha256": signing.body_hmac(body, world.settings.client_secrets[0]),
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": record["id"],
        "X-Shopify-Event-Id": record["event_id"],
        "X-Shopify-Triggered-At": record["triggered_at"],
    }
    attempt = delivery.post(record["url"], body, headers, timeout_seconds=TIMEOUT_SECONDS)
    delivered = attempt["status"] is not None and 200 <= attempt["status"] < 300
    with world.database.transaction():
        record = world.database.get(domain, "webhook", identity) or record
        record["attempts"].append(attempt)
        record["state"] = "delivered" if delivered else record["state"]
        world.database.put(domain, "webhook", identity, record)
    return delivered


# What a merchant or shopper does, each with the webhooks Shopify sends for it.


def order_created(world: World, store: Record, given: Record) -> Record:
    """Create an order, `paid` or not."""
    order = orders.create(world.database, store, given)
    _order_topic(world, store, "orders/create", order)
    if order["financial_status"] == "paid":
        _order_topic(world, store, "orders/paid", order)
    return order


def order_changed(world: World, store: Record, number: str, verb: str, amount: str | None = None) -> Record:
    """Pay, refund or cancel an order. Raises KeyError for an unknown order, ValueError when it cannot be done."""
    database, domain = world.database, store["domain"]
    with database.transaction():
        if verb == "pay":
            order, topic = orders.pay(database, domain, number), "orders/paid"
        elif verb == "cancel":
            order, topic = orders.cancel(database, domain, number), "orders/cancelled"
        elif verb == "refund":
            order, entry = orders.refund(database, domain, number, amount)
            topic = "refunds/create"
        else:
            raise ValueError(f"unknown verb {verb}")
    if topic == "refunds/create":
        send(world, store, topic, orders.refund_payload(order, entry))
    else:
        _order_topic(world, store, topic, order)
    _order_topic(world, store, "orders/updated", order)
    return order


def customer_changed(world: World, store: Record, given: Record) -> Record:
    """Create or change a customer. Raises ValueError as the store does."""
    is_new = not given.get("id") or world.database.get(store["domain"], "customer", str(given["id"])) is None
    customer = customers.put(world.database, store["domain"], given)
    send(world, store, "customers/create" if is_new else "customers/update", customers.webhook_payload(customer))
    return customer


def uninstalled(world: World, store: Record) -> list[Record]:
    """Uninstall the app: every token ends, then `app/uninstalled` goes out."""
    tokens.revoke_all(world.database, store["domain"])
    stores.change(world.database, store["domain"], installed=False)
    payload = {"id": int(store["id"]), "name": store["name"], "email": store["email"], "domain": store["domain"]}
    return send(world, store, "app/uninstalled", {**payload, "myshopify_domain": store["domain"]})


def compliance(world: World, store: Record, topic: str, customer: Record | None) -> list[Record]:
    """Send one of the three compliance topics, with Shopify's payload for it."""
    payload: Record = {"shop_id": int(store["id"]), "shop_domain": store["domain"]}
    if topic != "shop/redact":
        found = customer or {"id": "0", "email": None, "phone": None}
        payload["customer"] = {"id": int(found["id"]), "email": found["email"], "phone": found["phone"]}
        payload |= {"orders_to_redact": []} if topic == "customers/redact" else {"orders_requested": []}
    if topic == "customers/data_request":
        payload["data_request"] = {"id": world.database.next_number("data_request")}
    return send(world, store, topic, payload)


def _order_topic(world: World, store: Record, topic: str, order: Record) -> None:
    send(world, store, topic, orders.webhook_payload(world.database, store["domain"], order))
