"""What the shop shows of its programme: one metafield with everything, for themes that list rules, rewards and tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import UnknownOutcome
from shopify_app.metafields.fields import APP, MAGE, Field, json_text, write
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop


def shop_fields(offer: Mapping[str, Any], *, has_mage: bool) -> list[Field]:
    """Returns the metafields; `mage.loyalty` only where it is ours to write."""
    text = json_text(offer)
    own = Field("loyalty", APP, "loyalty", "json", text)
    return [own, Field("mage", MAGE, "loyalty", "json", text)] if has_mage else [own]


def publish_offer(*, shop: Shop, offer: Mapping[str, Any], has_mage: bool, deadline: Deadline) -> None:
    """Make the shop show its programme. A repeat writes nothing.

    Raises:
        NothingSent, Throttled, UnknownOutcome: try again.
        Refused, UserErrors: Shopify will not take it.
    """
    found = call(shop, "ShopMarks", {}, deadline=deadline).data.get("shop")
    if not isinstance(found, dict):
        raise UnknownOutcome("Shopify's answer holds no shop")
    write(shop, str(found["id"]), shop_fields(offer, has_mage=has_mage), found=found, deadline=deadline)
