"""What Postscript refuses: headers and bodies, and its one rate window."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.store.database import Record
from sandbox.vendors import bodies
from sandbox.vendors.vendor import Call, Refused
from sandbox.vendors.windows import Windows

MEDIA_TYPE = "application/json"
KEY = re.compile(r"Bearer (sk_[A-Za-z0-9_-]+)")
PARTNER = "sk_partner_"
SHOP_TOKEN = re.compile(r"sk_[A-Za-z0-9_-]+")
A_SECOND = ((15, 1),)
RATE_LIMIT = 3002  # the one error code whose meaning is published
WORDS = {
    400: "Bad request",
    401: "Invalid API key",
    403: "This is not available on your plan",
    404: "Not found",
    405: "Method not allowed",
    410: "This version of the API is no longer available",
    415: "Unsupported media type",
    429: "Rate limit exceeded",
    500: "Internal server error",
}
WINDOWS = Windows()


def take(key: str, endpoint: str) -> tuple[int, dict[str, str]]:
    """Count a call of the key: every endpoint shares the window. No header tells what is left."""
    return WINDOWS.take((key,), A_SECOND)[0], {}


def written(refused: Refused, faults: Record) -> tuple[Any, dict[str, str]]:
    """Write a refusal. Only the body of a 429 is published; the others have its shape, without a made-up code."""
    message = refused.detail or WORDS[refused.status]
    if refused.path:
        message = f"{'.'.join(str(part) for part in refused.path)}: {message}"
    code = {"error_code": RATE_LIMIT} if refused.status == 429 else {}
    return {**code, "error_message": message, "success": False}, {}


def key_of(headers: Mapping[str, str]) -> str:
    """Read the shop's key: `Bearer sk_…`, or for a partner (`Bearer sk_partner_…`) the token of the shop.

    Raises Refused 401 for anything else, `pk_` too; 403 that speaks of plans when the two forms are mixed.
    """
    found = KEY.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise Refused(401)
    token = headers.get("x-postscript-shop-token")
    if found[1].startswith(PARTNER) != (token is not None):
        raise Refused(403)
    if token is None:
        return found[1]
    if not SHOP_TOKEN.fullmatch(token):
        raise Refused(401)
    return token


def check_headers(headers: Mapping[str, str], has_body: bool) -> None:
    """Check the media type, to the letter."""
    if has_body and headers.get("content-type") != MEDIA_TYPE:
        raise Refused(415, f"The content type must be {MEDIA_TYPE}, not {headers.get('content-type')}.")


def checked_event(call: Call) -> dict[str, Any]:
    """Read an event and check its shape."""
    body: dict[str, Any] = bodies.parsed(call.raw)
    bodies.check(body, "postscript", "event")
    return body


def checked_patch(call: Call) -> dict[str, Any]:
    """Read a change of a subscriber. `properties` may be an object or its JSON as text: which of the two is right is
    not known, so both are taken.
    """
    body: dict[str, Any] = bodies.parsed(call.raw)
    if isinstance(body, dict) and isinstance(body.get("properties"), str):
        try:
            body = {**body, "properties": json.loads(body["properties"])}
        except ValueError as error:
            raise Refused(400, "The text is not JSON.", ("properties",)) from error
    bodies.check(body, "postscript", "subscriber_patch")
    return body
