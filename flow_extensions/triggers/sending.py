"""Sending a trigger: `flowTriggerReceive`, at least once. The event id lets a workflow ignore a repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loyalty.members.models import Member
from loyalty.outbox.ports import Dead, Outcome
from shopify_app.admin_api.client import result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.shops.connection import call
from shopify_app.shops.outcomes import outcome_of
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
    variables = {"handle": handle, "payload": body}

    def tell(deadline: Deadline) -> None:
        result_of(call(shop, "SendFlowTrigger", variables, deadline=deadline), "flowTriggerReceive")

    return outcome_of(tell, request=shown)
