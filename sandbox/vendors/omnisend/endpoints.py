"""Omnisend's API under `/vendors/omnisend/api`: one function a call."""

import uuid

from sandbox.store.database import Record
from sandbox.vendors.omnisend import contacts
from sandbox.vendors.omnisend.checks import checked_body
from sandbox.vendors.vendor import Answer, Call, Endpoint, Refused


def show_brand(call: Call) -> Answer:
    """Say whose key it is."""
    brand: Record = {"brandID": call.key[-6:], "name": f"Sandbox brand …{call.key[-4:]}"}
    return Answer(200, {**brand, "website": "https://shop.example", "currency": "USD", "timezone": "UTC"})


def create_event(call: Call) -> Answer:
    """Keep an event, again if it comes again, and what it says of the contact."""
    contacts.keep_event(call, checked_body(call, "event"))
    return Answer(202, outcome="kept")


def update_contact(call: Call) -> Answer:
    """Update the contact `?email=` names; 404 when there is none."""
    email = call.query.get("email", "")
    if not email:
        raise Refused(400, "The contact is named by its e-mail address.", ("email",), code="required")
    given = checked_body(call, "contact_patch")
    with call.database.transaction():
        if contacts.find_contact(call, email) is None:
            raise Refused(404, "There is no such contact.")
        contact, _ = contacts.keep_contact(call, email, given)
    return Answer(200, contacts.shown_contact(contact))


def create_contact(call: Call) -> Answer:
    """Create a contact, 201, or update the one with this identifier, 200."""
    given = checked_body(call, "contact_create")
    contact, is_new = contacts.keep_contact(call, given["identifiers"][0]["id"], given)
    return Answer(201 if is_new else 200, contacts.shown_contact(contact))


def create_batch(call: Call) -> Answer:
    """Take up to 100 contacts; they are worked on at once and told as a batch."""
    given, number, items = checked_body(call, "batch"), uuid.uuid4().hex[:24], []
    with call.database.transaction():
        for item in given["items"]:
            contact, is_new = contacts.keep_contact(call, item["identifiers"][0]["id"], item)
            done = {"status": "finished", "statusCode": 201 if is_new else 200}
            items.append({**done, "request": item, "response": {"contactID": contact["id"]}})
        total, moment = len(items), call.now.isoformat()
        batch: Record = {"batchID": number, "method": given["method"], "endpoint": given["endpoint"]}
        batch |= {"status": "finished", "totalCount": total, "finishedCount": total, "errorsCount": 0}
        batch |= {"createdAt": moment, "endedAt": moment}
        call.database.put(call.shelf, "batch", number, {**batch, "items": items})
    return Answer(201, {"batchID": number, "totalCount": total})


def show_batch(call: Call) -> Answer:
    """Tell how a batch went."""
    return Answer(200, {name: value for name, value in _batch_of(call).items() if name != "items"})


def show_items(call: Call) -> Answer:
    """List what became of each item of a batch."""
    batch = _batch_of(call)
    return Answer(200, {"batchID": batch["batchID"], "items": batch["items"]})


def _batch_of(call: Call) -> Record:
    batch = call.database.get(call.shelf, "batch", call.path["batch"])
    if batch is None:
        raise Refused(404, "There is no such batch.")
    return batch


ENDPOINTS = (
    Endpoint("brands", "GET", "/brands/current", show_brand),
    Endpoint("events", "POST", "/events", create_event),
    Endpoint("contacts", "PATCH", "/contacts", update_contact),
    Endpoint("contacts", "POST", "/contacts", create_contact),
    Endpoint("batches", "POST", "/batches", create_batch),
    Endpoint("batch", "GET", "/batches/{batch}", show_batch),
    Endpoint("batch-items", "GET", "/batches/{batch}/items", show_items),
)
