"""What Attentive refuses: headers and bodies, and its rate window of each endpoint.

Unverified: confirm against the live API: the body of a refusal. `{"error": …}` is published for one endpoint only, which the
sandbox has not; the others name their statuses and no shape.
"""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.store.database import Record
from sandbox.vendors import bodies
from sandbox.vendors.vendor import Call, Refused
from sandbox.vendors.windows import Windows

HANDLE = "attentive"
MEDIA_TYPE = "application/json"
KEY = re.compile(r"Bearer ([A-Za-z0-9._~+/=-]+)")
MOST = 150
A_SECOND = ((MOST, 1),)
WORDS = {
    400: "Invalid parameter in request query or body",
    401: "Unauthorized",
    403: "Access Denied",
    404: "The specified resource was not found",
    405: "Method not allowed",
    410: "This version of the API is no longer available",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Internal Server Error",
}
WINDOWS = Windows()


def take(key: str, endpoint: str) -> tuple[int, dict[str, str]]:
    """Count a call of the key and endpoint. Headers tell what is left of the second."""
    wait, left = WINDOWS.take((key, endpoint), A_SECOND)
    return wait, _usage(left)


def written(refused: Refused, faults: Record) -> tuple[Any, dict[str, str]]:
    """Write a refusal. A 429 has the headers of every answer, and none that says how long to wait."""
    message = refused.detail or WORDS[refused.status]
    if refused.path:
        message = f"{'.'.join(str(part) for part in refused.path)}: {message}"
    return {"error": message}, _usage(0) if refused.status == 429 else {}


def key_of(headers: Mapping[str, str]) -> str:
    """Read the app's key. Raises Refused 401 for anything but `Bearer …`."""
    found = KEY.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise Refused(401)
    return found[1]


def check_headers(headers: Mapping[str, str], has_body: bool) -> None:
    """Check the media type, to the letter."""
    if has_body and headers.get("content-type") != MEDIA_TYPE:
        raise Refused(415, f"The content type must be {MEDIA_TYPE}, not {headers.get('content-type')}.")


def checked_body(call: Call, shape: str) -> dict[str, Any]:
    """Read a body and check it against a shape."""
    body: dict[str, Any] = bodies.parsed(call.raw)
    bodies.check(body, HANDLE, shape)
    return body


def _usage(left: int) -> dict[str, str]:
    return {"x-ratelimit-limit": str(MOST), "x-ratelimit-remaining": str(left)}
