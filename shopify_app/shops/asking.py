"""Asking a shop something for which there is no answer of our own: it answers, or it counts as unreachable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loyalty.members.ports import ShopUnreachable
from shopify_app.admin_api.client import Answer
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.admin_api.transport import READ_SECONDS
from shopify_app.shops.connection import call
from shopify_app.shops.queries import shop_of


def ask(
    shopify_domain: str,
    document: str,
    variables: Mapping[str, Any],
    *,
    read_seconds: float = READ_SECONDS,
    deadline: Deadline | None = None,
) -> Answer:
    """Runs a document in the shop of a domain; see `connection.call` for the arguments.

    Raises:
        ShopUnreachable: There is no such shop, or it did not answer.
    """
    shop = shop_of(shopify_domain)
    if shop is None:
        raise ShopUnreachable
    try:
        return call(shop, document, variables, read_seconds=read_seconds, deadline=deadline)
    except AdminApiError as failure:
        raise ShopUnreachable from failure


def ask_for(
    shopify_domain: str, document: str, variables: Mapping[str, Any], field: str, *, read_seconds: float = READ_SECONDS
) -> dict[str, Any] | None:
    """Returns one field of the answer; None where the shop has no such thing.

    Raises:
        ShopUnreachable: There is no such shop, it did not answer, or not to this field.
    """
    answer = ask(shopify_domain, document, variables, read_seconds=read_seconds)
    if field not in answer.data:
        raise ShopUnreachable
    found: dict[str, Any] | None = answer.data[field]
    return found
