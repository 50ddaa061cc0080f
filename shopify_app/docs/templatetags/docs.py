"""Commands and answers in the recipes, made from the document's examples."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings

from shopify_app.docs.calls import as_json, calls

register = template.Library()


@register.inclusion_tag("docs/code.html")
def curl(operation: str, body: str | None = None, key: str | None = None, **query: str) -> dict[str, Any]:
    """Shows the command of an operation's example.

    Args:
        body: JSON that is sent in place of the example's.
        key: An `Idempotency-Key` in place of the example's.
        query: Parameters beside the example's.
    """
    call = calls()[operation].asking(query=query, key=key, body=None if body is None else json.loads(body))
    return {"text": call.curl(settings.APP_URL), "label": f"Command: {call.method.upper()} {call.path}"}


@register.inclusion_tag("docs/code.html")
def answer(operation: str) -> dict[str, Any]:
    """Shows what the example shop answered to an operation's example."""
    call = calls()[operation]
    return {"text": as_json(call.answer), "label": f"Answer {call.status}: {call.method.upper()} {call.path}"}
