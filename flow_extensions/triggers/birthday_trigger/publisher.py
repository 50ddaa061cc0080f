"""Flow trigger "Customer birthday reached": once a calendar year per member, on the shop's day."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger
from loyalty.events import EventKind


def _properties(_payload: Payload) -> dict[str, Any]:
    return {"Note": "Birthday"}


TRIGGER = Trigger(
    handle="birthday-trigger",
    name="Customer birthday reached",
    kinds=frozenset({EventKind.MEMBER_BIRTHDAY}),
    properties=_properties,
)
