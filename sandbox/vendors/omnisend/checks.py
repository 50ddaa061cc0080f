"""What Omnisend refuses: headers and bodies, answered as RFC 9457 problems. And its one rate window."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.store.database import Record
from sandbox.vendors import bodies
from sandbox.vendors.vendor import Call, Refused
from sandbox.vendors.windows import Windows

VERSION = "2026-03-15"
MEDIA_TYPE = "application/json"
KEY = re.compile(r"Omnisend-API-Key ([A-Za-z0-9_.-]+)")
A_MINUTE = ((400, 60),)
PROBLEMS = "https://problems.omnisend.com"
WORDS = {
    400: ("bad-request", "Bad request"),
    401: ("unauthorized", "Unauthorized"),
    403: ("forbidden", "Forbidden"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "Method not allowed"),
    410: ("version-retired", "This version of the API is no longer available"),
    415: ("unsupported-media-type", "Unsupported media type"),
    429: ("rate-limit-exceeded", "Rate limit exceeded"),
    500: ("internal-server-error", "Internal server error"),
}
WINDOWS = Windows()


def take(key: str, endpoint: str) -> tuple[int, dict[str, str]]:
    """Count a call of the brand: every endpoint shares the window. No header tells what is left."""
    return WINDOWS.take((key,), A_MINUTE)[0], {}


def written(refused: Refused, faults: Record) -> tuple[Any, dict[str, str]]:
    """Write a refusal as a problem; a 429 tells the wait in `retryAfter`, on some endpoints not at all."""
    name, title = WORDS[refused.status]
    problem: Record = {
        "type": f"{PROBLEMS}/{name}",
        "title": title,
        "status": refused.status,
        "detail": refused.detail or title,
        "instance": f"urn:omnisend:request:{uuid.uuid4()}",
    }
    if refused.status == 429 and not faults["without_retry_after"]:
        problem["retryAfter"] = refused.wait_seconds
    if refused.status == 400:
        where = refused.header or ".".join(str(part) for part in refused.path)
        problem["errors"] = [{"field": where, "code": refused.code or "invalid", "message": problem["detail"]}]
    return problem, {}


def key_of(headers: Mapping[str, str]) -> str:
    """Read the brand's key. Raises Refused 401 for anything but `Omnisend-API-Key …`."""
    found = KEY.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise Refused(401, "The API key is missing or malformed.")
    return found[1]


def check_headers(headers: Mapping[str, str], has_body: bool) -> None:
    """Check the version and the media type, to the letter."""
    given = headers.get("omnisend-version")
    if given != VERSION:
        raise Refused(400, f"Omnisend-Version must be {VERSION}, not {given}.", header="Omnisend-Version")
    if has_body and headers.get("content-type") != MEDIA_TYPE:
        raise Refused(415, f"The content type must be {MEDIA_TYPE}, not {headers.get('content-type')}.")


def checked_body(call: Call, shape: str) -> dict[str, Any]:
    """Read a body and check it against a shape."""
    body: dict[str, Any] = bodies.parsed(call.raw)
    bodies.check(body, "omnisend", shape)
    return body
