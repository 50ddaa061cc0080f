"""Sending webhooks: signed, to the address the app's TOML subscribes, with Shopify's retries shortened.

5 seconds for the answer; anything but 2xx, a redirect included, is a failure; 8 retries (facts/shopify.md 6).
"""

import json
import time
import uuid
from typing import Any

from sandbox import delivery, signing
from sandbox.admin_api import tokens
from sandbox.store import customers, order_payloads, orders, stores
from sandbox.store.database import Record
from sandbox.store.values import gid, now
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


def order_changed(
    world: World, store: Record, number: str, verb: str, amount: str | None = None, *, to_store_credit: bool = False
) -> Record:
    """Pay, fulfil, edit, refund or cancel an order. Raises KeyError for an unknown one, ValueError when it cannot be."""
    database, domain = world.database, store["domain"]
    entry: Record | None = None
    with database.transaction():
        if verb == "pay":
            order, topic = orders.pay(database, domain, number), "orders/paid"
        elif verb == "fulfil":
            order, topic = orders.fulfil(database, domain, number), "orders/fulfilled"
        elif verb == "edit":
            order, topic = orders.edit(database, domain, number, amount), "orders/edited"
        elif verb == "cancel":
            order, topic = orders.cancel(database, domain, number), "orders/cancelled"
        elif verb == "refund":
            order, entry = orders.refund(database, domain, number, amount, to_store_credit=to_store_credit)
            topic = "refunds/create"
        else:
            raise ValueError(f"unknown verb {verb}")
    if entry is not None:
        send(world, store, topic, order_payloads.refund_payload(order, entry))
    elif verb != "edit":  # `orders/edited` has a shape of its own, and nobody subscribes to it
        _order_topic(world, store, topic, order)
    _order_topic(world, store, "orders/updated", order)
    return order


def customer_changed(world: World, store: Record, given: Record) -> Record:
    """Create or change a customer. Raises ValueError as the store does."""
    is_new = not given.get("id") or world.database.get(store["domain"], "customer", str(given["id"])) is None
    customer = customers.put(world.database, store["domain"], given)
    send(world, store, "customers/create" if is_new else "customers/update", customers.webhook_payload(customer))
    return customer


def customer_updated(world: World, store: Record, number: str) -> None:
    """Tell of a customer whom the app itself has changed, as Shopify does; one who is gone meanwhile is no news."""
    customer = world.database.get(store["domain"], "customer", number)
    if customer is not None:
        send(world, store, "customers/update", customers.webhook_payload(customer))


def customer_deleted(world: World, store: Record, number: str) -> list[Record]:
    """Delete a customer; their orders stay without them. Raises KeyError for an unknown one."""
    if not world.database.delete(store["domain"], "customer", number):
        raise KeyError(number)
    orders.hand_over(world.database, store["domain"], number, None)
    payload = {"id": int(number), "admin_graphql_api_id": gid("Customer", number), "phone": None, "tax_exemptions": []}
    return send(world, store, "customers/delete", payload)


def customers_merged(world: World, store: Record, gone: str, kept: str) -> list[Record]:
    """Merge a customer into another one, who gets their orders. Raises KeyError for an unknown one."""
    database, domain = world.database, store["domain"]
    for number in (gone, kept):
        if database.get(domain, "customer", number) is None:
            raise KeyError(number)
    database.delete(domain, "customer", gone)
    orders.hand_over(database, domain, gone, kept)
    payload: Record = {
        "admin_graphql_api_customer_kept_id": gid("Customer", kept),
        "admin_graphql_api_customer_deleted_id": gid("Customer", gone),
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }
    return send(world, store, "customers/merge", payload)


def shop_changed(world: World, store: Record, values: Record) -> Record:
    """Change a store's own details: `name`, `email`, `currency`, `timezone`. Raises ValueError for another key."""
    unknown = values.keys() - {"name", "email", "currency", "timezone"}
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
    changed = stores.change(world.database, store["domain"], **values)
    send(world, changed, "shop/update", _shop_payload(changed))
    return changed


def plan_changed(world: World, store: Record, plan: str) -> Record:
    """Choose another plan, as a merchant does on Shopify's page of plans, with `app_subscriptions/update`."""
    changed = stores.change(world.database, store["domain"], plan=plan)
    about = {
        "admin_graphql_api_id": gid("AppSubscription", store["id"]),
        "admin_graphql_api_shop_id": gid("Shop", store["id"]),
        "name": plan,
        "status": "ACTIVE" if plan else "CANCELLED",
        "updated_at": now().isoformat(),
    }
    send(world, changed, "app_subscriptions/update", {"app_subscription": about})
    return changed


def scopes_changed(world: World, store: Record, optional: list[str]) -> Record:
    """Grant or take back optional scopes, as a merchant may."""
    before = sorted(world.granted_scopes(store))
    changed = stores.change(world.database, store["domain"], optional_scopes=optional)
    payload = {"id": gid("AppInstallation", store["id"]), "previous": before}
    current = sorted(world.granted_scopes(changed))
    send(world, changed, "app/scopes_update", {**payload, "current": current, "updated_at": now().isoformat()})
    return changed


def uninstalled(world: World, store: Record) -> list[Record]:
    """Uninstall the app: every token ends, then `app/uninstalled` goes out."""
    tokens.revoke_all(world.database, store["domain"])
    stores.change(world.database, store["domain"], installed=False)
    return send(world, store, "app/uninstalled", _shop_payload(store))


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


def _shop_payload(store: Record) -> Record:
    """Write a store as the topics about the shop itself do."""
    return {
        "id": int(store["id"]),
        "name": store["name"],
        "email": store["email"],
        "domain": store["domain"],
        "myshopify_domain": store["domain"],
        "currency": store["currency"],
        "iana_timezone": store["timezone"],
        "created_at": store["created_at"],
        "updated_at": now().isoformat(),
    }


def _order_topic(world: World, store: Record, topic: str, order: Record) -> None:
    send(world, store, topic, order_payloads.webhook_payload(world.database, store["domain"], order))
