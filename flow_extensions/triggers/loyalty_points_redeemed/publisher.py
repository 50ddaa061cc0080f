"""Flow trigger "Loyalty points redeemed": once per redemption, when its points are spent."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    return {
        "Points": float(payload["points"]),
        "Redeem Rule ID": text(payload, "reward_number"),
        "Note": text(payload, "reward_name"),
    }


TRIGGER = Trigger(
    handle="loyalty-points-redeemed",
    name="Loyalty points redeemed",
    kinds=frozenset({EventKind.POINTS_REDEEMED}),
    properties=_properties,
)
