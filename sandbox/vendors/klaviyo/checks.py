"""What Klaviyo refuses: headers and bodies, answered in its error shape."""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from sandbox.store.database import Record
from sandbox.store.values import parsed_instant
from sandbox.vendors import bodies
from sandbox.vendors.klaviyo.limits import EVENT_JOBS, IMPORT_JOBS
from sandbox.vendors.vendor import Refused

REVISION = "2026-10-15"
MEDIA_TYPE = "application/vnd.api+json"
KEY = re.compile(r"Klaviyo-API-Key (pk_[A-Za-z0-9_]{21,})")
MOST_BYTES = 5_000_000
MOST_PROFILE_BYTES = 100_000
MOST_TEXT = 100_000
MOST_ITEMS = 4_000
MOST_EVENTS = 1_000
DEEPEST = 10
ENVELOPES = {IMPORT_JOBS: 7, EVENT_JOBS: 11}  # levels around the properties; six elsewhere
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
WORDS = {
    400: ("invalid", "Invalid input."),
    401: ("authentication_failed", "Incorrect authentication credentials."),
    403: ("permission_denied", "You do not have permission to perform this action."),
    404: ("not_found", "A path could not be found."),
    405: ("method_not_allowed", "Method not allowed."),
    410: ("gone", "This revision of the API is no longer available."),
    413: ("payload_too_large", "Payload too large."),
    415: ("unsupported_media_type", "Unsupported media type."),
    429: ("throttled", "Request was throttled."),
    500: ("error", "A server error occurred."),
}


def written(refused: Refused, faults: Record) -> tuple[Any, dict[str, str]]:
    """Write a refusal as Klaviyo does; a 429 carries `Retry-After` in place of the rate headers."""
    code, title = WORDS[refused.status]
    headers, detail, seconds = {}, refused.detail or title, refused.wait_seconds
    if refused.status == 429:
        detail = f"{title} Expected available in {seconds} second(s)."
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        if not faults["without_retry_after"]:
            headers["Retry-After"] = when if faults["retry_after_as_date"] else str(seconds)
    pointer = "/" + "/".join(str(part) for part in refused.path or ("data",))
    header = refused.header or ("Authorization" if refused.status == 401 else "")
    error = {
        "id": str(uuid.uuid4()),
        "status": refused.status,
        "code": refused.code or code,
        "title": title,
        "detail": detail,
        "source": {"parameter": header} if header else {"pointer": pointer},
        "meta": {},
    }
    return {"errors": [error]}, headers


def key_of(headers: Mapping[str, str]) -> str:
    """Read the private key. Raises Refused 401 for anything but `Klaviyo-API-Key pk_…`."""
    found = KEY.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise Refused(401, "Missing or invalid private key.", code="not_authenticated")
    return found[1]


def check_headers(headers: Mapping[str, str], has_body: bool) -> None:
    """Check the revision and the media type, to the letter."""
    given = headers.get("revision")
    if given != REVISION:
        raise Refused(400, f"The revision header must be {REVISION}, not {given}.", header="revision")
    if has_body and headers.get("content-type") != MEDIA_TYPE:
        detail = f"The content type must be {MEDIA_TYPE}, not {headers.get('content-type')}."
        raise Refused(415, detail, header="Content-Type")


def checked_body(raw: bytes, endpoint: str, *, now: datetime) -> dict[str, Any]:
    """Read a body and check it against the endpoint's shape and limits."""
    if len(raw) > MOST_BYTES:
        raise Refused(413, f"The body is larger than {MOST_BYTES} bytes.")
    body: dict[str, Any] = bodies.parsed(raw)
    bodies.check(body, "klaviyo", endpoint)
    _check_limits(body, (), 0, ENVELOPES.get(endpoint, 6))
    attributes = body["data"]["attributes"]
    if endpoint == "events":
        check_time(attributes.get("time"), ("data", "attributes", "time"), now=now)
    if endpoint == "profile-import" and len(json.dumps(body["data"])) > MOST_PROFILE_BYTES:
        raise Refused(400, f"A profile is larger than {MOST_PROFILE_BYTES} bytes.")
    return body


def check_time(given: str | None, path: tuple[str | int, ...], *, now: datetime) -> None:
    """Check the time of an event, if it has one. Raises Refused 400."""
    if given is None:
        return
    try:
        moment = parsed_instant(given)
    except ValueError as error:
        raise Refused(400, "time is not an ISO 8601 instant.", path) from error
    if not EARLIEST <= moment <= now + timedelta(days=366):
        raise Refused(400, "time must be between 1990 and one year ahead.", path)


def _check_limits(value: Any, path: tuple[str | int, ...], depth: int, envelope: int) -> None:
    if depth > DEEPEST + envelope:
        raise Refused(400, f"Nested deeper than {DEEPEST} levels.", path)
    if isinstance(value, str) and len(value.encode()) > MOST_TEXT:
        raise Refused(400, "A text is larger than 100 KB.", path)
    if isinstance(value, list):
        if len(value) > MOST_ITEMS and path[-2:] != ("profiles", "data"):
            raise Refused(400, f"An array holds more than {MOST_ITEMS} items.", path)
        for index, item in enumerate(value):
            _check_limits(item, (*path, index), depth + 1, envelope)
    if isinstance(value, dict):
        for name, item in value.items():
            _check_limits(item, (*path, name), depth + 1, envelope)
