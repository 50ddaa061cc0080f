"""Flow trigger "Referral reward created": once per friend, for the customer who referred them."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger, text
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    given = text(payload, "reward_name") or f"{payload.get('points', 0)} points"
    return {"Note": f"{given} for referring a friend"}


TRIGGER = Trigger(
    handle="referral-reward-created",
    name="Referral reward created",
    kinds=frozenset({EventKind.REFERRAL_COMPLETED}),
    properties=_properties,
)
