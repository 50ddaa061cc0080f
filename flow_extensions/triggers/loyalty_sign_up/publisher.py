"""Flow trigger "Loyalty sign up": once per customer who joins."""

from __future__ import annotations

from typing import Any

from flow_extensions.triggers.trigger import Payload, Trigger
from loyalty.events import EventKind


def _properties(_payload: Payload) -> dict[str, Any]:
    return {"Note": "Joined the loyalty programme"}


TRIGGER = Trigger(
    handle="loyalty-sign-up",
    name="Loyalty sign up",
    kinds=frozenset({EventKind.MEMBER_ENROLLED}),
    properties=_properties,
)
