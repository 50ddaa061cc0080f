"""Sending a trigger: `flowTriggerReceive`, at least once. The event id lets a workflow ignore a repeat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from loyalty.members.models import Member
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry
from shopify_app.admin_api.client import result_of
from shopify_app.admin_api.errors import AdminApiError, Refused, ShopUnavailable, Throttled
from shopify_app.shops.connection import call
from shopify_app.shops.operations import NeedsReauth
from shopify_app.shops.queries import installed_shop


def send(*, handle: str, member: Member, payload: Mapping[str, Any]) -> Outcome:
    """Sends one trigger to the member's shop and returns what came of it.

    Args:
        handle: The trigger's handle in its manifest.
        payload: Keys as in the manifest; `customer_id` is the customer reference.
    """
    body = {"customer_id": member.shopify_customer_id, **payload}
    shown = {"mutation": "flowTriggerReceive", "handle": handle, "payload": body}
    shop = installed_shop(member.program.shopify_domain)
    if shop is None:
        return Dead(error="Encore is not installed in this shop", request=shown)
    try:
        result_of(call(shop, "SendFlowTrigger", {"handle": handle, "payload": body}), "flowTriggerReceive")
    except NeedsReauth as error:
        return Paused(error=str(error), request=shown)
    except Throttled as error:
        return Retry(error=str(error), request=shown, after=timedelta(seconds=error.retry_after_seconds))
    except ShopUnavailable as error:
        return Paused(error=str(error), request=shown)
    except Refused as error:
        return Dead(error=f"Shopify refused the trigger: {error}", request=shown)
    except AdminApiError as error:
        return Retry(error=str(error), request=shown)
    return Done(status=200, request=shown, response='{"userErrors": []}')
