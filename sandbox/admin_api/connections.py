"""Relay connections over plain lists."""

import base64
from typing import Any

from graphql import GraphQLError


def connection(items: list[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """Cut one page. Shopify demands `first` or `last`, 1 to 250; cursors are opaque."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    size = first if first is not None else last
    if size is None or not 0 < size <= 250:
        raise GraphQLError(f"The value {size} is not between 1 and 250", extensions={"code": "BAD_REQUEST"})
    if arguments.get("reverse"):
        items = items[::-1]
    keyed = [(_cursor(item), item) for item in items]
    start, end = _bounds([cursor for cursor, _ in keyed], arguments)
    low, high = (start, min(start + size, end)) if first is not None else (max(end - size, start), end)
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
