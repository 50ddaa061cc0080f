"""Flow trigger "Referred reward created": once per friend, for the friend, who is a member by then."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger
from loyalty.events import EventKind


def _properties(payload: Payload) -> dict[str, Any]:
    if payload.get("discount_code"):
        return {"Note": f"Code {payload['discount_code']}: {payload['offer']}"}
    return {"Note": f"{payload['points']} points for joining by a friend's link"}


TRIGGER = Trigger(
    handle="referred-reward-created",
    name="Referred reward created",
    kinds=frozenset({EventKind.FRIEND_REWARDED}),
    properties=_properties,
)
