"""How the outbox names webhooks: `webhook:<our number of the subscription>:<what it hears>`. Pure."""

from __future__ import annotations

DESTINATION = "webhook"


def destination_of(subscription_id: int, name: str) -> str:
    """Returns the name of one subscription's hearing of one event."""
    return f"{family_of(subscription_id)}:{name}"


def family_of(subscription_id: int) -> str:
    """Returns what the names of all that a subscription hears begin with."""
    return f"{DESTINATION}:{subscription_id}"


def parts_of(destination: str) -> tuple[int, str]:
    """Returns the subscription's number and what it hears, of a webhook's destination."""
    _, number, name = destination.split(":", 2)
    return int(number), name
