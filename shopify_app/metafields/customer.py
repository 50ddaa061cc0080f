"""The customer's metafields in our own namespace `$app`: read by themes without a request (shopify.md 11.2).

`balance` and `tier` are plain values for Liquid; `loyalty` is everything at once, as JSON. shopify.app.toml defines them.
Setting the same values again is harmless, so a delivery may be repeated at will.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from shopify_app.admin_api.client import result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import NothingSent
from shopify_app.shops.connection import call
from shopify_app.shops.queries import shop_of

NAMESPACE = "$app"


@dataclass(frozen=True)
class Standing:
    """A member as a theme reads them, under the documented names (rest-api facts, section 13); points are whole."""

    points_balance: int
    lifetime_points: int
    redeemed_points: int
    vip_tier: str | None
    status: str


def publish(*, shopify_domain: str, shopify_customer_id: int, standing: Standing, deadline: Deadline) -> None:
    """Write a member's standing onto the customer.

    Args:
        deadline: when all of it must have ended; past it nothing is sent.

    Raises:
        NothingSent, Throttled, UnknownOutcome: try again.
        Refused, UserErrors: Shopify will not take it; a customer that no longer exists, for one.
    """
    shop = shop_of(shopify_domain)
    if shop is None:
        raise NothingSent(f"{shopify_domain} is not connected")
    owner = f"gid://shopify/Customer/{shopify_customer_id}"
    wanted = {"metafields": metafields_for(owner, standing)}
    result_of(call(shop, "SetMetafields", wanted, deadline=deadline), "metafieldsSet")
    if standing.vip_tier is None:  # a text metafield cannot be blank: no tier is no metafield
        gone = {"metafields": [{"ownerId": owner, "namespace": NAMESPACE, "key": "tier"}]}
        result_of(call(shop, "DeleteMetafields", gone, deadline=deadline), "metafieldsDelete")


def metafields_for(owner: str, standing: Standing) -> list[dict[str, Any]]:
    """The input of `metafieldsSet`. Pure."""
    values = [
        ("loyalty", "json", json.dumps(asdict(standing), sort_keys=True)),
        ("balance", "number_integer", str(standing.points_balance)),
        *([("tier", "single_line_text_field", standing.vip_tier)] if standing.vip_tier else []),
    ]
    return [
        {"ownerId": owner, "namespace": NAMESPACE, "key": key, "type": kind, "value": value}
        for key, kind, value in values
    ]
