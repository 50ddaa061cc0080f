"""What Postscript reads: every name with `_` for spaces. Pure."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from loyalty.integrations.profile import emptied
from loyalty.integrations.vendor import Properties, Told


def event(told: Told, *, subscriber_id: str) -> dict[str, Any]:
    """Returns the body of `POST /api/v2/events`."""
    return {
        "type": spelt(told.name),
        "subscriber_id": subscriber_id,
        "occurred_at": told.occurred_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        "properties": {spelt(name): value for name, value in told.properties.items()},
        "external_id": told.unique_id,
    }


def patch(state: Properties) -> dict[str, Any]:
    """Returns the body of `PATCH /api/v2/subscribers/{id}`. How to clear one is not documented: empty text and 0 stand for nothing."""
    return {"properties": {spelt(name): value for name, value in emptied(dict(state)).items()}}


def spelt(name: str) -> str:
    """Returns a name as Postscript spells it."""
    return name.replace(" ", "_")
