"""Flow trigger "Loyalty reward used": when an order that used a code is paid."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    return {
        "Points": float(payload["points"]),
        "Redeem Rule ID": text(payload, "reward_number"),
        "Discount Code": text(payload, "discount_code"),
        "Order Name": text(payload, "order_number"),
        "Note": text(payload, "reward_name"),
    }


TRIGGER = Trigger(
    handle="loyalty-reward-used",
    name="Loyalty reward used",
    kinds=frozenset({EventKind.REWARD_USED}),
    properties=_properties,
)
