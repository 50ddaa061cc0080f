"""Shopify Flow as destinations of the outbox: each trigger has its own deliveries, named `flow:<handle>`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flow_extensions.triggers.details import loyalty_details, within_limit
from flow_extensions.triggers.registry import TRIGGERS
from flow_extensions.triggers.sending import send
from flow_extensions.triggers.trigger import Trigger
from loyalty.events import EventKind
from loyalty.integrations.state import read_state
from loyalty.members.errors import CustomerNotFound
from loyalty.members.queries import member_by_id
from loyalty.outbox.ports import Listeners, Outcome, Skipped, Telling
from shopify_app.shops.listening import silent_triggers
from shopify_app.shops.queries import shop_of_program

DESTINATION = "flow"
LONGEST_NOTE = 1000


class FlowTriggers:
    """Tells Shopify Flow what happened, trigger by trigger."""

    deduplicates = True  # a repeat carries the same Event id

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to tell."""
        shop = shop_of_program(program_id)
        return shop is not None and shop.uninstalled_at is None

    def listeners(self, *, program_id: int, kind: EventKind) -> Listeners:
        """Returns the triggers an event starts, but for those that Shopify has said no workflow of the shop uses."""
        silent = silent_triggers(program_id=program_id)
        hearing = [each for each in TRIGGERS.values() if kind in each.kinds and each.handle not in silent]

        def heard_by(payload: Mapping[str, Any]) -> Sequence[str]:
            return [f"{DESTINATION}:{each.handle}" for each in hearing if each.case(payload)]

        return heard_by

    def deliver(self, telling: Telling) -> Outcome:
        """Sends the trigger with the customer's standing as it is now."""
        trigger = TRIGGERS.get(telling.destination.removeprefix(f"{DESTINATION}:"))
        if trigger is None:
            return Skipped(error="This trigger is gone")
        if telling.member_id is None:
            return Skipped(error="Who it is about is no member")
        try:
            member = member_by_id(member_id=telling.member_id)
        except CustomerNotFound:
            return Skipped(error="The member is gone")
        state = read_state(member_id=member.pk, now=telling.now)
        if state is None or state.is_filtered_out:
            return Skipped(error="Test mode keeps this member's news inside")
        details = loyalty_details(member=member, now=telling.now)
        return send(handle=trigger.handle, member=member, payload=payload(trigger, telling, details))


def payload(trigger: Trigger, telling: Telling, details: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a trigger's properties, under the manifest's keys, within Flow's size.

    A note is one line, whatever was typed into it: its field has no second one.
    """
    own = trigger.properties(telling.payload)
    note = " ".join(own["Note"].split())[:LONGEST_NOTE]
    return within_limit(
        {"Event id": telling.event_id or "", **own, "Note": note, "Customer Loyalty Details": dict(details)}
    )
