"""What Attentive reads: names as they are in the tables, none of which has a character Attentive refuses. Pure.

People are named by e-mail alone. Attentive's `externalIdentifiers` have no place for a Shopify customer id: `clientUserId` is
the merchant's own number of somebody and must not hold Shopify's, and any other identifier has to be tied to a person first
by the Identity API, which may join two people into one.

Unverified: confirm against the live API: that empty text clears an attribute. An attribute has the type of the first value
Attentive saw, so one whose first member has no date or tier may be kept as text.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from loyalty.integrations.profile import emptied
from loyalty.integrations.vendor import Person, Properties, Told

NAMESPACE = UUID("9d1c6b0a-4a53-4a8e-8f0f-2f6d3b7e5a64")
"""Of event ids: fixed for ever, or an event sent again would be another one."""


def event(told: Told) -> dict[str, Any]:
    """Returns the body of `POST /v1/events/custom`; the time with its offset, as RFC 3339 wants it."""
    return {
        "type": told.name,
        "user": user(told.person),
        "properties": dict(told.properties),
        "externalEventId": str(uuid5(NAMESPACE, told.unique_id)),
        "occurredAt": told.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def attributes(person: Person, state: Properties) -> dict[str, Any]:
    """Returns the body of `POST /v1/attributes/custom`: attributes and nothing else, so that it can't touch consent."""
    return {"user": user(person), "properties": emptied(dict(state))}


def user(person: Person) -> dict[str, Any]:
    """Returns how Attentive finds somebody."""
    return {"email": person.email}
