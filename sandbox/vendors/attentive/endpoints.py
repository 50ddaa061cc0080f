"""Attentive's API under `/vendors/attentive/v1`: one function a call."""

import uuid
from datetime import datetime

from sandbox.store.database import Record
from sandbox.vendors.attentive.checks import checked_body
from sandbox.vendors.vendor import Answer, Call, Endpoint, Refused


def show_account(call: Call) -> Answer:
    """Say whose key it is."""
    end = call.key[-4:]
    app: Record = {"applicationName": "Encore", "companyName": f"Sandbox company …{end}", "companyId": end}
    return Answer(200, {**app, "attentiveDomainName": "sandbox.attn.tv", "contactEmail": "name@company.example"})


def create_event(call: Call) -> Answer:
    """Keep an event, again if it comes again: that copies are dropped is promised nowhere."""
    given = checked_body(call, "event")
    try:
        datetime.fromisoformat(given["occurredAt"])
    except ValueError as error:
        raise Refused(400, "There is no such time.", ("occurredAt",)) from error
    event = {**given, "email": given["user"]["email"], "received_at": call.now.isoformat()}
    call.database.put(call.shelf, "event", str(uuid.uuid4()), event)
    return Answer(200, outcome="kept")


def set_attributes(call: Call) -> Answer:
    """Merge somebody's custom attributes; whoever is not known becomes so, subscribed to nothing."""
    given = checked_body(call, "attributes")
    email = given["user"]["email"]
    with call.database.transaction():
        present = call.database.get(call.shelf, "user", email.lower())
        user = present or {"id": uuid.uuid4().hex[:16], "email": email, "properties": {}, "subscriptions": []}
        merged = {**user["properties"], **given["properties"]}
        changed = {**user, "properties": merged, "updated_at": call.now.isoformat()}
        call.database.put(call.shelf, "user", email.lower(), changed)
    return Answer(200)


def never(call: Call) -> Answer:
    """Make consent, end it, or delete somebody: no program may do it on its own accord. Raises Refused 403."""
    raise Refused(403)


ENDPOINTS = (
    Endpoint("me", "GET", "/me", show_account),
    Endpoint("events", "POST", "/events/custom", create_event),
    Endpoint("attributes", "POST", "/attributes/custom", set_attributes),
    Endpoint("subscribe", "POST", "/subscriptions", never, is_forbidden=True),
    Endpoint("unsubscribe", "POST", "/subscriptions/unsubscribe", never, is_forbidden=True),
    Endpoint("delete", "POST", "/privacy/delete-request", never, is_forbidden=True),
)
