"""Secrets in what was sent and answered are replaced before it is stored or shown: keys, tokens, signatures, passwords. Pure.

Two nets: names that hold secrets, in objects, JSON, headers and queries, and texts that look like the keys of those we speak
to, wherever they stand. E-mail addresses and discount codes stay: they are what the merchant looks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"
_WORDS = "authorization|signature|secret|passw(?:or)?d|cookie|hmac|credential|api[-_]?key|private[-_]?key|token"
_NAME = rf"[\w-]{{0,40}}(?:{_WORDS})[\w-]{{0,40}}"
_NAMED = re.compile(_NAME, re.IGNORECASE)
_SHAPES = (
    # What a header's or a query's value is, to the end of its line or part; JSON in a text, escaped or not.
    (re.compile(rf"(?i)\b({_NAME}\s*=\s*)[^\s&\"'\[]+"), rf"\1{MASK}"),
    (re.compile(rf"(?i)(\\?\"{_NAME}\\?\"\s*:\s*\\?\")(?!\[)(?:[^\"\\]|\\\\.)+"), rf"\1{MASK}"),
    (re.compile(rf"(?im)^(\s*{_NAME}\s*:\s*)(?!\[)\S.*$"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b((?:Bearer|Basic|[a-z]+-API-Key)\s+)[\w.~+/=-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"\b(?:pk|sk|rk|enc|whsec|shp[a-z]{2,3}|prtapi)_[\w+/=-]{8,}"), MASK),
    (re.compile(r"\b[0-9a-f]{24}-\w{20,}"), MASK),  # Omnisend's keys
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), MASK),  # JSON web tokens
    (re.compile(r"\b(?:sha256=[0-9a-f]{64}|v1,[\w+/]{43}=)"), MASK),  # what webhooks are signed with
)


def masked(value: Any, name: str = "") -> Any:
    """Returns a copy of a value of JSON with every secret in it replaced; masking twice is masking once.

    Args:
        name: What the value is called where it stands.
    """
    if isinstance(value, Mapping):
        return {key: masked(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked(each, name) for each in value]
    if not isinstance(value, str):
        return value
    is_secret = bool(value) and _NAMED.fullmatch(name) is not None
    return _hidden(value) if is_secret else masked_text(value)


def masked_text(text: str) -> str:
    """Returns a text with every secret in it replaced."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def _hidden(value: str) -> str:
    """What stands in brackets was taken out before, and says what it was."""
    return value if value.startswith("[") and value.endswith("]") else MASK
