"""What Klaviyo refuses: headers and bodies, answered in its error shape."""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types

from sandbox.store.values import parsed_instant

REVISION = "2026-10-15"
MEDIA_TYPE = "application/vnd.api+json"
KEY = re.compile(r"Klaviyo-API-Key (pk_[A-Za-z0-9_]{21,})")
MOST_BYTES = 5_000_000
MOST_PROFILE_BYTES = 100_000
MOST_TEXT = 100_000
MOST_ITEMS = 4_000
DEEPEST = 10
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Refused(Exception):
    """Klaviyo says no: status, code, one sentence, and where."""

    def __init__(self, status: int, code: str, detail: str, pointer: str = "/data", *, parameter: str = "") -> None:
        """Name the refusal; `pointer` leads into the body, `parameter` names a header instead."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.source = {"parameter": parameter} if parameter else {"pointer": pointer}

    def body(self) -> dict[str, Any]:
        """Write it as Klaviyo does."""
        title = {400: "Invalid input.", 401: "Authentication failed.", 403: "Not permitted.", 404: "Not found."}
        error = {
            "id": str(uuid.uuid4()),
            "status": self.status,
            "code": self.code,
            "title": title.get(self.status, "The request was refused."),
            "detail": self.detail,
            "source": self.source,
            "meta": {},
        }
        return {"errors": [error]}


def key_of(headers: Mapping[str, str]) -> str:
    """Read the private key. Raises Refused 401 for anything but `Klaviyo-API-Key pk_…`."""
    found = KEY.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise Refused(401, "not_authenticated", "Missing or invalid private key.", parameter="Authorization")
    return found[1]


def check_headers(headers: Mapping[str, str], *, has_body: bool) -> None:
    """Check the revision and the media type, to the letter."""
    if headers.get("revision") != REVISION:
        given = headers.get("revision")
        raise Refused(400, "invalid", f"The revision header must be {REVISION}, not {given}.", parameter="revision")
    if has_body and headers.get("content-type") != MEDIA_TYPE:
        detail = f"The content type must be {MEDIA_TYPE}, not {headers.get('content-type')}."
        raise Refused(415, "unsupported_media_type", detail, parameter="Content-Type")


def checked_body(raw: bytes, endpoint: str, *, now: datetime) -> dict[str, Any]:
    """Read a body and check it against the endpoint's shape and limits."""
    if len(raw) > MOST_BYTES:
        raise Refused(413, "payload_too_large", f"The body is larger than {MOST_BYTES} bytes.")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refused(400, "invalid", "The body is not JSON.", "") from error
    wrong = next(iter(sorted(_validator(endpoint).iter_errors(body), key=lambda item: len(item.absolute_path))), None)
    if wrong is not None:
        pointer = "/" + "/".join(str(part) for part in wrong.absolute_path)
        raise Refused(400, "invalid", wrong.message[:500], pointer)
    _check_limits(body, "", 0)
    if endpoint == "events":
        _check_time(body["data"]["attributes"].get("time"), now)
    profiles = body["data"]["attributes"]["profiles"]["data"] if endpoint.startswith("profile-bulk") else [body["data"]]
    if endpoint.startswith("profile") and any(len(json.dumps(item)) > MOST_PROFILE_BYTES for item in profiles):
        raise Refused(400, "invalid", f"A profile is larger than {MOST_PROFILE_BYTES} bytes.")
    checked: dict[str, Any] = body
    return checked


@lru_cache(maxsize=8)
def _validator(endpoint: str) -> Any:
    schema = json.loads((Path(__file__).parent / "bodies.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{endpoint}"})


def _check_limits(value: Any, pointer: str, depth: int) -> None:
    if depth > DEEPEST + 6:  # the envelope around the properties is six deep
        raise Refused(400, "invalid", f"Nested deeper than {DEEPEST} levels.", pointer)
    if isinstance(value, str) and len(value.encode()) > MOST_TEXT:
        raise Refused(400, "invalid", "A text is larger than 100 KB.", pointer)
    if isinstance(value, list):
        if len(value) > MOST_ITEMS and not pointer.endswith("/profiles/data"):
            raise Refused(400, "invalid", f"An array holds more than {MOST_ITEMS} items.", pointer)
        for index, item in enumerate(value):
            _check_limits(item, f"{pointer}/{index}", depth + 1)
    if isinstance(value, dict):
        for name, item in value.items():
            _check_limits(item, f"{pointer}/{name}", depth + 1)


def _check_time(given: str | None, now: datetime) -> None:
    if given is None:
        return
    try:
        moment = parsed_instant(given)
    except ValueError as error:
        raise Refused(400, "invalid", "time is not an ISO 8601 instant.", "/data/attributes/time") from error
    if not EARLIEST <= moment <= now + timedelta(days=366):
        raise Refused(400, "invalid", "time must be between 1990 and one year ahead.", "/data/attributes/time")
