"""Reading what a caller sent: JSON whatever the Content-Type says, flat or wrapped, and nothing a column can't hold."""

from __future__ import annotations

import json
from typing import Any

from loyalty.errors import Refusal

MAX_BODY = 1024 * 1024
"""Bytes (the batch has its own)."""
MAX_DEPTH = 32


class InvalidJson(Refusal):
    """The body is not a JSON object."""

    code = "invalid_json"

    def __init__(self, sentence: str = "Request body is not valid JSON") -> None:
        super().__init__(sentence)


class BodyTooLarge(Refusal):
    """The body is over the limit."""

    code = "body_too_large"

    def __init__(self, most: int = MAX_BODY) -> None:
        super().__init__(f"Request body is larger than {most} bytes")


def parse(raw: bytes, *, most: int = MAX_BODY) -> dict[str, Any]:
    """Returns the body's fields; `{"data": {"attributes": {…}}}` wins over flat ones.

    Raises:
        InvalidJson: Not JSON, not an object, nested too deeply, or text that is no text (NUL, lone surrogates).
        BodyTooLarge: Over `most` bytes.
    """
    if len(raw) > most:
        raise BodyTooLarge(most)
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidJson from error
    if not isinstance(body, dict):
        raise InvalidJson("Request body must be a JSON object")
    _check_text(body, MAX_DEPTH)
    data = body.get("data")
    if isinstance(data, dict) and isinstance(data.get("attributes"), dict):
        return {**{name: value for name, value in body.items() if name != "data"}, **data["attributes"]}
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_text(value: Any, depth: int) -> None:
    if depth == 0:
        raise InvalidJson("Request body is nested too deeply")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise InvalidJson("Request body holds characters that are not text")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_text(name, depth)
            _check_text(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check_text(item, depth - 1)
