"""Flow trigger "Loyalty points earned": once per award, when its points become spendable."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.details import loyalty_details, within_limit
from flow_extensions.triggers.sending import send
from loyalty.events import EventKind
from loyalty.integrations.state import read_state
from loyalty.members.errors import CustomerNotFound
from loyalty.members.queries import member_by_id
from loyalty.outbox.ports import Outcome, Skipped, Telling
from shopify_app.shops.queries import shop_of_program

HANDLE = "loyalty-points-earned"


class LoyaltyPointsEarned:
    """Tells Shopify Flow that points were earned."""

    deduplicates = True  # a repeat carries the same Event id

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to tell."""
        shop = shop_of_program(program_id)
        return shop is not None and shop.uninstalled_at is None

    def deliver(self, telling: Telling) -> Outcome:
        """Sends the trigger with the customer's standing as it is now."""
        try:
            member = member_by_id(member_id=telling.member_id or 0)
        except CustomerNotFound:
            return Skipped(error="The member is gone")
        state = read_state(member_id=member.pk, now=telling.now)
        if state is None or state.is_filtered_out:
            return Skipped(error="Test mode keeps this member's news inside")
        details = loyalty_details(member=member, now=telling.now)
        return send(handle=HANDLE, member=member, payload=payload(telling, details))


def payload(telling: Telling, details: dict[str, Any]) -> dict[str, Any]:
    """Returns the trigger's properties, under the manifest's keys, within Flow's size."""
    number = telling.payload.get("rule_number")
    note = telling.payload.get("rule_name") or telling.payload.get("note") or "Points given by hand"
    return within_limit(
        {
            "Event id": telling.event_id or "",
            "Points": float(telling.payload["points"]),
            "Earn Rule ID": str(number) if number is not None else "",
            "Note": str(note)[:1000],
            "Customer Loyalty Details": details,
        }
    )
