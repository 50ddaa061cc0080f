"""Flow trigger "Loyalty credits earned": store credit that was redeemed with points or given for nothing."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _is_credit(payload: Payload) -> bool:
    return payload.get("discount_type") == "store_credit" and bool(payload.get("discount_amount"))


def _properties(payload: Payload) -> dict[str, Any]:
    return {
        "Credits": float(payload["discount_amount"]),
        "Earn Rule ID": "",  # no rule of ours earns credit: it is a reward, redeemed or given
        "Redeem Rule ID": text(payload, "reward_number"),
        "Note": text(payload, "reward_name"),
    }


TRIGGER = Trigger(
    handle="loyalty-credits-earned",
    name="Loyalty credits earned",
    kinds=frozenset({EventKind.POINTS_REDEEMED, EventKind.REWARD_ISSUED}),
    properties=_properties,
    case=_is_credit,
)
