"""Which texts are valid for which metafield type."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbox.store.values import parsed_instant

LARGEST = 9_007_199_254_740_991


def _integer(value: str) -> int:
    number = int(value)
    if abs(number) > LARGEST or str(number) != value.strip():
        raise ValueError("Value must be an integer.")
    return number


def _json(value: str) -> Any:
    content = json.loads(value)
    if not isinstance(content, (dict, list)):
        raise TypeError("Value must be a JSON object or array.")
    return content


def _line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("Value can't have line breaks.")
    return value


def _boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("Value must be true or false.")
    return value == "true"


def _url(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https", "mailto", "sms", "tel"):
        raise ValueError("Value must be a valid URL.")
    return value


TYPES: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "date": lambda value: date.fromisoformat(value).isoformat(),
    "date_time": lambda value: parsed_instant(value).isoformat(),
    "json": _json,
    "multi_line_text_field": str,
    "number_decimal": lambda value: str(Decimal(value)),
    "number_integer": _integer,
    "single_line_text_field": _line,
    "url": _url,
}


def problem_with(kind: str, value: str) -> str | None:
    """Say why a value is not valid for a type of TYPES, or for a list of one; None when it is."""
    try:
        if kind.startswith("list."):
            items = json.loads(value)
            if not isinstance(items, list):
                return "Value must be a JSON array."
            for item in items:
                TYPES[kind.removeprefix("list.")](item if isinstance(item, str) else json.dumps(item))
        else:
            TYPES[kind](value)
    except (TypeError, ValueError, ArithmeticError):
        noun = {"number_integer": "an integer", "json": "valid JSON", "date": "in YYYY-MM-DD format"}
        return f"Value must be {noun.get(kind, f'a valid {kind}')}."
    return None
