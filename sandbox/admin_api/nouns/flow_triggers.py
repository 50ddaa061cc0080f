"""`flowTriggerReceive`: an app tells Flow that something happened."""

import json
from typing import Any

from sandbox.admin_api.context import Info, user_error
from sandbox.flow.shapes import payload_problems
from sandbox.project import REFERENCES
from sandbox.store.values import instant

MOST_BYTES = 50_000


def receive(info: Info, **given: Any) -> dict[str, Any]:
    """Take a trigger. Refusals carry Shopify's recorded texts; what is accepted is kept for the trigger list."""
    context = info.context
    handle, payload = given.get("handle"), given.get("payload")
    if given.get("body") is not None and (handle is not None or payload is not None):
        return _refused("body", "Cannot use `handle` and `payload` arguments with `body` argument")
    if handle is None or payload is None:
        return _refused("handle", "`handle` and `payload` arguments are required")
    trigger = context.world.app.triggers.get(handle)
    if trigger is None:
        return _refused("body", f"Errors validating schema:\n  Invalid handle '{handle}'.\n")
    if not isinstance(payload, dict):
        return _refused("body", "Errors validating schema:\n  Payload must be an object.\n")
    size = len(json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode())
    if size > MOST_BYTES:
        return _refused(
            "body", f"Errors validating schema:\n  Properties size exceeds the limit of {MOST_BYTES} bytes.\n"
        )
    for declared in trigger.fields:
        if declared.type in REFERENCES:
            noun = {"company_contact": "customer"}.get(
                declared.type.removesuffix("_reference"), declared.type.removesuffix("_reference")
            )
            context.require_scope({"company": "read_customers"}.get(noun, f"read_{noun}s"), "flowTriggerReceive")
    wrong = payload_problems(trigger.fields, trigger.schema, payload)
    if wrong:
        return _refused("body", "Errors validating schema:\n" + "".join(f"  {text}\n" for text in wrong))
    number = str(context.database.next_number("trigger"))
    body = {
        "id": number,
        "handle": handle,
        "name": trigger.name,
        "payload": payload,
        "received_at": instant(context.now),
    }
    context.database.put(context.domain, "trigger", number, body)
    return {"userErrors": []}


def _refused(field: str, message: str) -> dict[str, Any]:
    return {"userErrors": [user_error([field], message)]}
