"""Every night: orders whose webhooks were missed. Asks the shop what has changed, and reads in full what we have older.

Shopify promises neither that a webhook comes nor in which order; what is read here goes the way of a delivery.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from loyalty.orders.models import Order
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step
from shopify_app.admin_api.errors import AdminApiError, Throttled
from shopify_app.orders.amounts import number, several
from shopify_app.orders.intake import take_order
from shopify_app.orders.order_answer import payload_of
from shopify_app.orders.order_payload import instant, order_from
from shopify_app.orders.refund_payload import refund_from
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop
from shopify_app.shops.queries import installed_shop

LOOKED_BACK = timedelta(days=3)
"""How far back each night looks: a few nights may fail."""
BUDGET = timedelta(seconds=40)
"""For how long a task begins another page: one may take most of a minute, and a task's time is limited."""
PATIENCE, LONGEST_WAIT_SECONDS = 2, 10.0
log = structlog.get_logger(__name__)


def reconcile_some(program: Program, cursor: str, now: datetime) -> Step:
    """Looks through the next page of changed orders of a shop, and takes in those that are missing or older here.

    Args:
        cursor: Empty at the beginning; then where the page before ended, with the search it belongs to.

    Raises:
        AdminApiError: The shop can't be asked now; the run of this night has failed, and the next one looks back.
    """
    shop = installed_shop(program.shopify_domain)
    if shop is None:
        return Step(None)
    place = json.loads(cursor) if cursor else {"search": _search(now - LOOKED_BACK), "after": None}
    page = _ask(shop, "OrdersChanged", place)["orders"]
    counts = {"orders": len(page["nodes"]), "taken_in": 0, "too_long": 0}
    for node in page["nodes"]:
        if not _is_older_here(node):
            continue
        found = _ask(shop, "OrderInFull", {"id": node["id"]})["order"]
        if found is None:
            continue
        if found["lineItems"]["pageInfo"]["hasNextPage"]:
            # Half an order would earn half its points for good: better that a person looks.
            log.error("an order has more lines than are read at once", shop=shop.domain, order=node["id"])
            counts["too_long"] += 1
            continue
        payload = payload_of(found)
        told = order_from(payload)
        refunds = [refund_from(each, currency=told.currency) for each in several(payload, "refunds")]
        take_order(program=program, told=told, refunds=refunds, now=now)
        counts["taken_in"] += 1
    info = page["pageInfo"]
    following = json.dumps({**place, "after": info["endCursor"]}) if info["hasNextPage"] else None
    return Step(following, counts)


def _ask(shop: Shop, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Calls the shop, and waits as told when its bucket is empty: nobody waits for this but the night.

    Raises:
        AdminApiError: It can't be asked now, or its bucket stays empty.
    """
    for _ in range(PATIENCE):
        try:
            return call(shop, document, variables).data
        except Throttled as refusal:
            time.sleep(min(refusal.retry_after_seconds, LONGEST_WAIT_SECONDS))
    return call(shop, document, variables).data


def _search(since: datetime) -> str:
    return f"updated_at:>='{since.strftime('%Y-%m-%dT%H:%M:%SZ')}'"


def _is_older_here(node: dict[str, str]) -> bool:
    """Whether we have nothing, or something older, of an order."""
    changed_at, order_id = instant(node["updatedAt"]), number(node["id"].rpartition("/")[2])
    if changed_at is None or order_id is None:
        raise AdminApiError(f"not an order: {node}")
    known = Order.objects.filter(shopify_order_id=order_id).values_list("shopify_updated_at", flat=True).first()
    return known is None or known < changed_at
