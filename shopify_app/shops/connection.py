"""A shop's Admin API with its token taken care of: what everything above this package calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shopify_app.admin_api.client import Answer, execute
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import TokenRefused
from shopify_app.admin_api.transport import READ_SECONDS
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import NeedsReauth, access_token_for, mark_needs_reauth


def call(
    shop: Shop,
    document: str,
    variables: Mapping[str, Any],
    *,
    read_seconds: float = READ_SECONDS,
    deadline: Deadline | None = None,
) -> Answer:
    """Run a document in a shop. A refused token is renewed once; a refusal of the new one asks for reconnection.

    Args:
        read_seconds: how long to wait for one answer.
        deadline: when everything must have ended; past it nothing is sent.

    Raises:
        NeedsReauth: the merchant has to open the app; nothing was done.
        NothingSent, Throttled, UnknownOutcome, Refused, ShopUnavailable: see `admin_api.errors`.
    """
    token = access_token_for(shop, now=timezone.now(), deadline=deadline)
    try:
        return execute(shop.domain, token, document, variables, read_seconds=read_seconds, deadline=deadline)
    except TokenRefused:  # 401 comes before any work, so the same call may be made again
        token = access_token_for(shop, now=timezone.now(), after_refusal_of=token, deadline=deadline)
    try:
        return execute(shop.domain, token, document, variables, read_seconds=read_seconds, deadline=deadline)
    except TokenRefused as refused:
        mark_needs_reauth(shop, now=timezone.now())
        raise NeedsReauth(f"{shop.domain} has to be opened in Shopify's admin once") from refused
