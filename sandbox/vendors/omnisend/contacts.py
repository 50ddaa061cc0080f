"""What an Omnisend brand keeps: contacts, by e-mail, and every event as often as it came."""

import uuid

from sandbox.store.database import Record
from sandbox.vendors.vendor import Call


def find_contact(call: Call, email: str) -> Record | None:
    """Find a contact; letters large or small are one address."""
    return call.database.get(call.shelf, "contact", email.lower())


def keep_contact(call: Call, email: str, given: Record) -> tuple[Record, bool]:
    """Create or update a contact; gives it and whether it is new. Custom properties are merged, tags added.

    A new one is `nonSubscribed`. What consent Omnisend gives a contact that an event creates is not known; this is the
    least it can give.
    """
    with call.database.transaction():
        present = find_contact(call, email)
        contact = present or {
            "id": uuid.uuid4().hex[:24],
            "email": email,
            "status": "nonSubscribed",
            "tags": [],
            "properties": {},
            "created": call.now.isoformat(),
        }
        contact |= {name: given[name] for name in ("firstName", "lastName") if name in given}
        contact["tags"] = list(dict.fromkeys([*contact["tags"], *given.get("tags", [])]))
        contact["properties"] = {**contact["properties"], **given.get("customProperties", {})}
        contact["updated"] = call.now.isoformat()
        call.database.put(call.shelf, "contact", email.lower(), contact)
    return contact, present is None


def keep_event(call: Call, given: Record) -> None:
    """Keep an event, and what it says of the contact. Live events are never deduplicated: each copy stays."""
    with call.database.transaction():
        contact, _ = keep_contact(call, given["contact"]["email"], given["contact"])
        event = {**given, "email": contact["email"], "contactID": contact["id"], "received_at": call.now.isoformat()}
        call.database.put(call.shelf, "event", str(uuid.uuid4()), event)


def shown_contact(contact: Record) -> Record:
    """Write a contact as the API answers it."""
    channels = {"email": {"status": contact["status"]}}
    return {
        "contactID": contact["id"],
        "email": contact["email"],
        "identifiers": [{"type": "email", "id": contact["email"], "channels": channels}],
        "tags": contact["tags"],
        "customProperties": contact["properties"],
        "createdAt": contact["created"],
        "updatedAt": contact["updated"],
    }
