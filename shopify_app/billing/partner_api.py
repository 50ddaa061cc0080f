"""The Partner API: which plan a shop has chosen (shopify facts, section 9). The one call we make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from shopify_app.admin_api.client import judge
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import UnknownOutcome
from shopify_app.admin_api.transport import post

HOST, VERSION = "partners.shopify.com", "2026-07"
CALL_SECONDS, READ_SECONDS = 8.0, 5.0
"""For the whole call and for one read: a merchant waits for it."""
ACTIVE_SUBSCRIPTION = (
    "query ($appId: ID!, $shopId: ID!) { activeSubscription(appId: $appId, shopId: $shopId) { billingPeriod"
    " cancelAtEndOfCycle trialEndsAt currentBillingCycle { startTime endTime } items { handle description }"
    " shop { id myshopifyDomain } app { id } } }"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A contract: the handles of what was bought, how it is billed, and when a trial ends (None: no trial)."""

    handles: tuple[str, ...]
    billing_period: str
    trial_ends_at: datetime | None
    cancels_at_end: bool


def active_subscription(*, shop_gid: str) -> Subscription | None:
    """Returns the contract of a shop for this app; None when it has none.

    Args:
        shop_gid: `gid://shopify/Shop/…`, of the Admin API.

    Raises:
        AdminApiError: It did not answer, refused the token, or answered something else than was asked.
    """
    path = f"/{settings.SHOPIFY_PARTNER_ORGANIZATION_ID}/api/{VERSION}/graphql.json"
    body = {"query": ACTIVE_SUBSCRIPTION, "variables": {"appId": settings.SHOPIFY_APP_ID, "shopId": shop_gid}}
    headers = {"X-Shopify-Access-Token": settings.SHOPIFY_PARTNER_TOKEN}
    answer = judge(
        post(HOST, path, body, headers, read_seconds=READ_SECONDS, deadline=Deadline.after(CALL_SECONDS))
    ).data
    if "activeSubscription" not in answer:
        raise UnknownOutcome("the Partner API's answer holds no activeSubscription")
    found = answer["activeSubscription"]
    return None if found is None else _read(found, shop_gid)


def _read(found: Mapping[str, Any], shop_gid: str) -> Subscription:
    try:
        ends = found["trialEndsAt"]
        read = Subscription(
            handles=tuple(str(item["handle"])[:100] for item in found["items"]),
            billing_period=str(found["billingPeriod"] or "")[:20],
            trial_ends_at=parse_datetime(ends) if ends else None,
            cancels_at_end=bool(found["cancelAtEndOfCycle"]),
        )
        is_of = found["shop"]["id"]
    except (KeyError, TypeError, ValueError) as failure:
        raise UnknownOutcome("the Partner API's answer cannot be read") from failure
    if is_of != shop_gid:
        raise UnknownOutcome("the Partner API answered for another shop")
    return read
