"""Flow trigger "Loyalty points expiry approached": when a customer is reminded of points that will end."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    return {
        "Points": float(payload["points"]),
        "Expires at": text(payload, "expires_at"),
        "Note": f"{payload['points']} points will end soon",
    }


TRIGGER = Trigger(
    handle="loyalty-points-expiring",
    name="Loyalty points expiry approached",
    kinds=frozenset({EventKind.POINTS_EXPIRING}),
    properties=_properties,
)
