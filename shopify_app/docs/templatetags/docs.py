"""Commands and answers in the recipes, made from the document's examples."""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings

from shopify_app.docs.calls import as_json, calls

register = template.Library()


@register.inclusion_tag("docs/code.html")
def curl(operation: str, body: str | None = None, key: str | None = None, **given: str) -> dict[str, Any]:
    """Shows the command of an operation's example.

    Args:
        body: JSON that is sent in place of the example's.
        key: An `Idempotency-Key` in place of the example's.
        given: Places of the path and parameters of the query, in place of or beside the example's.
    """
    call = calls()[operation].asking(given=given, key=key, body=None if body is None else json.loads(body))
    return sample(call.curl(settings.APP_URL), f"Command: {call.method.upper()} {call.path}")


@register.inclusion_tag("docs/code.html")
def answer(operation: str) -> dict[str, Any]:
    """Shows what the example shop answered to an operation's example."""
    call = calls()[operation]
    return sample(as_json(call.answer), f"Answer {call.status}: {call.method.upper()} {call.path}")


@register.inclusion_tag("docs/code.html")
def sample(text: str, label: str) -> dict[str, Any]:
    """Shows text to copy."""
    return {"text": text, "label": label, "id": f"sample-{crc32(f'{label} {text}'.encode()):08x}"}
