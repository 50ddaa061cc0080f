"""What Shopify Flow posts, opened with care: pure."""

from __future__ import annotations

import json
import re
from typing import Any

SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


class UnreadableBody(Exception):
    """The signed body is not what it should be; the text is one sentence."""


def opened(raw_body: bytes) -> tuple[dict[str, Any], str]:
    """Returns a signed body, and the shop it names: the signature covers no header.

    Raises:
        UnreadableBody: It is not JSON, not an object, or names no shop.
    """
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody("The request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise UnreadableBody("The request body must be a JSON object.")
    shop = str(body.get("shopify_domain") or "").strip().lower()
    if not SHOP.fullmatch(shop):
        raise UnreadableBody("The request names no Shopify shop.")
    return body, shop


def is_storable(text: str) -> bool:
    """Returns whether text can be stored and sent: no null character, and no half of a surrogate pair (JSON allows both)."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
