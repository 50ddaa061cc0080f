"""List parameters: pages, sort and filters. They never fail a request; what is impossible falls back or finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.response import Response

DEFAULT_SIZE, MAX_SIZE = 20, 100
_POSITIVE = re.compile(r"[1-9][0-9]{0,8}")


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and _POSITIVE.fullmatch(text) else default


def sorted_by(
    rows: QuerySet[Any], parameters: QueryDict, columns: Mapping[str, str], default: str = "-created_at"
) -> QuerySet[Any]:
    """Orders rows by `sort`; an unknown key means the default order. Ties go by internal id in the same direction.

    Args:
        columns: The sort keys of the wire and the columns they stand for.
    """
    key = parameters.get("sort", default)
    if key.removeprefix("-") not in columns:
        key = default
    sign = "-" if key.startswith("-") else ""
    return rows.order_by(f"{sign}{columns[key.removeprefix('-')]}", f"{sign}pk")


def wanted(parameters: QueryDict, field: str) -> str | None:
    """Returns what `filter[field]` asks for, or None. NUL is in no row, and PostgreSQL takes none: it matches nothing."""
    value = parameters.get(f"filter[{field}]")
    return value.replace("\x00", "\ufffd") if value else None


def truth(text: str) -> bool | None:
    """Returns what `true` or `false` says; None for anything else, which matches nothing."""
    return {"true": True, "false": False}.get(text.lower())


def page(
    rows: QuerySet[Any], parameters: QueryDict, present: Callable[[Sequence[Any]], list[dict[str, Any]]]
) -> Response:
    """Returns one page in the list envelope; past the end it is empty with the true totals.

    Args:
        present: Turns the rows of a page into resource objects.
    """
    number = _positive(parameters.get("page[number]"), 1)
    size = min(_positive(parameters.get("page[size]"), DEFAULT_SIZE), MAX_SIZE)
    total = rows.count()
    start = (number - 1) * size
    found = list(rows[start : start + size]) if start < total else []
    meta = {"total": total, "page": number, "per_page": size, "total_pages": ceil(total / size)}
    return Response({"data": present(found), "meta": meta})
