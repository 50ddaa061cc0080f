"""A Flow trigger as data: what it hears, in which case, and what it tells beside what every trigger carries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.events import EventKind

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger.

    Attributes:
        handle: As in its manifest; never renamed.
        name: As in its manifest: what Shopify's lifecycle callback may call it by.
        kinds: The events it hears.
        properties: Its own properties under the manifest's keys, `Note` among them, from what the event tells.
        case: Whether such an event starts it.
    """

    handle: str
    name: str
    kinds: frozenset[EventKind]
    properties: Callable[[Payload], dict[str, Any]]
    case: Callable[[Payload], bool] = lambda _payload: True


def text(payload: Payload, key: str) -> str:
    """Returns what an event tells under a key, as text; empty if nothing. Triggers have no integers."""
    value = payload.get(key)
    return "" if value is None else str(value)


def what_for(payload: Payload) -> str:
    """Returns what points were given for, in words."""
    return text(payload, "rule_name") or text(payload, "note") or "Points given by hand"
