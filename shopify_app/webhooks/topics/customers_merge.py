"""`customers/merge`: two customers of the shop became one; so do the members, their points and their orders."""

from typing import Any

from django.utils import timezone
from django_scopes import scope

from shopify_app.orders.amounts import number
from shopify_app.webhooks.merging import merge
from shopify_app.webhooks.topics.delivery import Delivery, Ignored
from shopify_app.webhooks.topics.orders import installed


def handle(delivery: Delivery) -> None:
    """Merge the members, whoever of the two is one. Replay: changes nothing.

    Raises:
        Ignored: unknown or uninstalled shop, no two customers, or Shopify's merge has failed.
        AccountBusy, ShopUnreachable: a reward is being bought right now, or orders are to be judged by what their products
            are and the shop does not answer: the row waits for its next turn.
    """
    now = timezone.now()
    program, payload = installed(delivery), delivery.payload
    gone = customer_of(payload.get("admin_graphql_api_customer_deleted_id"))
    kept = customer_of(payload.get("admin_graphql_api_customer_kept_id"))
    if payload.get("status", "completed") != "completed":
        raise Ignored("the merge was not completed")
    if gone is None or kept is None or gone == kept:
        raise Ignored("no two customers")

    with scope(program=program):
        merge(program=program, gone=gone, kept=kept, now=now)


def customer_of(gid: Any) -> int | None:
    """The number in a customer's global id; None for anything else."""
    text = str(gid)
    return number(text.removeprefix("gid://shopify/Customer/")) if text.startswith("gid://shopify/Customer/") else None
