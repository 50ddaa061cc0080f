"""Flow trigger "Loyalty VIP tier achieved": when a customer rises, never when they fall."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    before, after = text(payload, "previous_tier"), text(payload, "new_tier")
    return {"Note": f"Rose from {before} to {after}"}


TRIGGER = Trigger(
    handle="loyalty-vip-tier-achieved",
    name="Loyalty VIP tier achieved",
    kinds=frozenset({EventKind.TIER_CHANGED}),
    properties=_properties,
    case=lambda payload: payload.get("direction") == "up",
)
