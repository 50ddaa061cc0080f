"""What Omnisend reads: event names as they are in the tables, custom properties in lower case with underscores. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from loyalty.integrations.profile import emptied
from loyalty.integrations.vendor import Person, Properties, Told

ORIGIN = "Encore"
NAMESPACE = UUID("5b0f3a0e-6a36-4f5c-9a55-6f0f6f3d2c11")
"""Of event ids: fixed for ever, or an event sent again would be another one."""


def event(told: Told) -> dict[str, Any]:
    """Returns the body of `POST /events`; the contact's state rides along."""
    contact: dict[str, Any] = {"email": told.person.email}
    if told.state is not None:
        contact["customProperties"] = custom(told.state)
    return {
        "eventName": told.name,
        "origin": ORIGIN,
        "eventID": str(uuid5(NAMESPACE, told.unique_id)),
        "eventTime": told.occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "contact": contact,
        "properties": dict(told.properties),
    }


def custom(state: Properties) -> dict[str, Any]:
    """Returns a contact's custom properties. Whether null clears one is not documented: empty text and 0 stand for nothing."""
    return {name.lower().replace(" ", "_"): value for name, value in emptied(dict(state)).items()}


def patch(state: Properties) -> dict[str, Any]:
    """Returns the body of `PATCH /contacts`: properties and nothing else, so that it can't touch consent."""
    return {"customProperties": custom(state)}


def contact(person: Person, state: Properties) -> dict[str, Any]:
    """Returns the body of `POST /contacts` for somebody Omnisend does not know: never subscribed, never welcomed."""
    identifier = {
        "type": "email", "id": person.email, "channels": {"email": {"status": "nonSubscribed"}},
        "sendWelcomeMessage": False,
    }  # fmt: skip
    return {"identifiers": [identifier], "customProperties": custom(state)}


def batch(people: Iterable[tuple[Person, Properties]]) -> dict[str, Any]:
    """Returns the body of `POST /batches`, at most 100 contacts."""
    items = [contact(person, state) for person, state in people]
    return {"method": "POST", "endpoint": "contacts", "origin": ORIGIN, "items": items}
