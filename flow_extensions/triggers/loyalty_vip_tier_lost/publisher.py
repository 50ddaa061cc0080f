"""Flow trigger "Loyalty VIP tier lost": when a customer falls, never when they rise."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    before, after = text(payload, "previous_tier"), text(payload, "new_tier")
    return {"Previous VIP Tier": before, "Note": f"Fell from {before} to {after}"}


TRIGGER = Trigger(
    handle="loyalty-vip-tier-lost",
    name="Loyalty VIP tier lost",
    kinds=frozenset({EventKind.TIER_CHANGED}),
    properties=_properties,
    case=lambda payload: payload.get("direction") == "down",
)
