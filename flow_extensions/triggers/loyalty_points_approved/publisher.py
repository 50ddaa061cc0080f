"""Flow trigger "Loyalty points approved": once per award that had to wait, when its points become spendable."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text, what_for
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    return {
        "Points": float(payload["points"]),
        "Earn Rule ID": text(payload, "rule_number"),
        "Note": what_for(payload),
    }


TRIGGER = Trigger(
    handle="loyalty-points-approved",
    name="Loyalty points approved",
    kinds=frozenset({EventKind.POINTS_EARNED}),
    properties=_properties,
    case=lambda payload: bool(payload.get("was_pending")),
)
