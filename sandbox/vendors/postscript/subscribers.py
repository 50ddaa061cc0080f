"""What a Postscript shop keeps: subscribers, which only the sandbox's control makes, and every event as often as it came."""

import hashlib
import uuid
from typing import Any

from sandbox.control.access import ControlError
from sandbox.store.database import Database, Record
from sandbox.store.values import now
from sandbox.vendors import shelves
from sandbox.vendors.vendor import Call, Refused

HANDLE = "postscript"
MOST_PROPERTIES = 50
FIELDS = {"shopify_customer_id", "email", "phone_number"}


def put(database: Database, key: str, given: Any) -> int:
    """Make subscribers and take them away, as control says; gives how many there are.

    Args:
        given: `subscribers` to create or change (their properties stay), `gone`: customer ids that are subscribers
            no more, `everyone`: whether each customer id looked up is one.

    Raises:
        ControlError: not of this shape.
    """
    people, gone = given.get("subscribers", []), given.get("gone", [])
    if not isinstance(people, list) or not isinstance(gone, list) or not isinstance(given.get("everyone", False), bool):
        raise ControlError(400, "subscribers and gone are lists, everyone is true or false")
    place = shelves.shelf(HANDLE, key)
    with database.transaction():
        shelves.know_account(database, HANDLE, key)
        if "everyone" in given:
            database.put(place, "setting", "everyone", {"on": given["everyone"]})
        for person in people:
            if not isinstance(person, dict) or not {"shopify_customer_id"} <= person.keys() <= FIELDS:
                raise ControlError(
                    400, f"a subscriber has shopify_customer_id, and of {', '.join(sorted(FIELDS))} no others"
                )
            _put_one(database, key, str(person["shopify_customer_id"]), person)
        for customer in gone:
            database.delete(place, "subscriber", _id_of(key, str(customer)))
        return database.count(place, "subscriber")


def find(call: Call, *, customers: set[str] | None, email: str | None) -> list[Record]:
    """Find subscribers by their Shopify customers and their e-mail; None does not ask for it."""
    with call.database.transaction():
        everyone = call.database.get(call.shelf, "setting", "everyone")
        for customer in sorted(customers or ()) if everyone and everyone["on"] else ():
            if call.database.get(call.shelf, "subscriber", _id_of(call.key, customer)) is None:
                _put_one(call.database, call.key, customer, {})
        found = call.database.list(call.shelf, "subscriber")
    return [
        item
        for item in found
        if (customers is None or item["shopify_customer_id"] in customers)
        and (email is None or (item["email"] or "").lower() == email.lower())
    ]


def named(call: Call, number: str) -> Record:
    """Find a subscriber by its id. Raises Refused 404."""
    found = call.database.get(call.shelf, "subscriber", number)
    if found is None:
        raise Refused(404, "Subscriber not found")
    return found


def update(call: Call, number: str, properties: Record) -> Record:
    """Merge custom properties. Raises Refused 404, or 400 when there would be more than 50."""
    with call.database.transaction():
        person = named(call, number)
        merged = {**person["properties"], **properties}
        if len(merged) > MOST_PROPERTIES:
            raise Refused(400, f"A subscriber has at most {MOST_PROPERTIES} custom properties.", ("properties",))
        changed = {**person, "properties": merged, "updated_at": call.now.isoformat()}
        return call.database.put(call.shelf, "subscriber", number, changed)


def keep_event(call: Call, given: Record) -> str:
    """Keep an event of a subscriber and give its id. Never deduplicated: each copy stays. Raises Refused 404."""
    with call.database.transaction():
        person = named(call, given["subscriber_id"])
        number = f"ev_{uuid.uuid4().hex[:16]}"
        known = {"shopify_customer_id": person["shopify_customer_id"], "email": person["email"]}
        event = {**given, **known, "event_id": number, "received_at": call.now.isoformat()}
        call.database.put(call.shelf, "event", number, event)
    return number


def _id_of(key: str, customer: str) -> str:
    """Give the id of a customer's subscriber: the same each time, and nothing a client could work out."""
    return f"s_{hashlib.sha256(f'{key} {customer}'.encode()).hexdigest()[:12]}"


def _put_one(database: Database, key: str, customer: str, given: Record) -> None:
    place, number, moment = shelves.shelf(HANDLE, key), _id_of(key, customer), now().isoformat()
    made: Record = {
        "id": number,
        "shopify_customer_id": customer,
        "email": None,
        "phone_number": None,
        "properties": {},
        "tags": [],
        "subscriptions": [],
        "created_at": moment,
    }
    present = database.get(place, "subscriber", number) or made
    changes = {name: value for name, value in given.items() if name != "shopify_customer_id"}
    database.put(place, "subscriber", number, {**present, **changes, "updated_at": moment})
