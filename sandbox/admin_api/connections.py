"""Relay connections over plain lists."""

import base64
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLError

WHOLE: ContextVar[bool] = ContextVar("whole", default=False)
"""Whether every connection gives all it has, as in a bulk operation, whatever page is asked for."""


def connection(items: list[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """Cut one page. Shopify demands `first` or `last`, 1 to 250; cursors are opaque."""
    if arguments.get("reverse"):
        items = items[::-1]
    keyed = [(_cursor(item), item) for item in items]
    if WHOLE.get():
        return _page(keyed, 0, len(keyed))
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    size = first if first is not None else last
    if size is None or not 0 < size <= 250:
        raise GraphQLError(f"The value {size} is not between 1 and 250", extensions={"code": "BAD_REQUEST"})
    start, end = _bounds([cursor for cursor, _ in keyed], arguments)
    if first is not None:
        return _page(keyed, start, min(start + size, end))
    return _page(keyed, max(end - size, start), end)


def _page(keyed: list[tuple[str, dict[str, Any]]], low: int, high: int) -> dict[str, Any]:
    page = keyed[low:high]
    return {
        "edges": [{"cursor": cursor, "node": item} for cursor, item in page],
        "nodes": [item for _, item in page],
        "pageInfo": {
            "hasNextPage": high < len(keyed),
            "hasPreviousPage": low > 0,
            "startCursor": page[0][0] if page else None,
            "endCursor": page[-1][0] if page else None,
        },
    }


def _bounds(cursors: list[str], arguments: dict[str, Any]) -> tuple[int, int]:
    start, end = 0, len(cursors)
    for name, value in (("after", arguments.get("after")), ("before", arguments.get("before"))):
        if value is None:
            continue
        if value not in cursors:
            raise GraphQLError("Invalid cursor for current pagination sort.", extensions={"code": "BAD_REQUEST"})
        start, end = (cursors.index(value) + 1, end) if name == "after" else (start, cursors.index(value))
    return start, end


def _cursor(item: dict[str, Any]) -> str:
    return base64.b64encode(str(item.get("id") or item.get("code")).encode()).decode()
