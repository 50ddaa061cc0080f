"""Paging by number, with the rest of the address kept: a page can be shared and found again with Back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shopify_app.dashboard.reading import number

PAGE_SIZE = 25
MOST_PAGES = 400
"""How far `leafed` goes: further back a date finds more than leafing does."""
MOST_COUNTED = 1000
"""How many rows are counted. More than that is no number to act on, and counting 200,000 costs more than their page."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbouring pages are; an empty text where there is none."""

    previous: str
    next: str
    total: int


def paged(request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE) -> tuple[list[Any], Pager]:
    """Returns the rows of the page asked for by `?page=` (a page that isn't there becomes the nearest) and its pager."""
    paginator = Paginator(rows, size)
    page = paginator.get_page(request.GET.get("page", "1"))

    return list(page), Pager(
        previous=_address(request, page.number - 1) if page.has_previous() else "",
        next=_address(request, page.number + 1) if page.has_next() else "",
        total=paginator.count,
    )


def leafed(request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE) -> tuple[list[Any], Pager]:
    """Returns a page as `paged` does, of rows that are too many to be counted: `total` is what is known of, up to this page."""
    asked = request.GET.get("page", "1")
    number = min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() and asked.strip("0") else 1
    start = (number - 1) * size
    wanted = rows[start : start + size + 1]
    if start > MOST_COUNTED:  # what is leafed past needs no more of a row than its number
        wanted = rows.filter(pk__in=list(wanted.values_list("pk", flat=True)))
    found = list(wanted)
    return found[:size], Pager(
        previous=_address(request, number - 1) if number > 1 else "",
        next=_address(request, number + 1) if len(found) > size and number < MOST_PAGES else "",
        total=start + len(found),
    )


def counted(
    request: HttpRequest, rows: QuerySet[Any], *, size: int = PAGE_SIZE, in_order: bool = False
) -> tuple[list[Any], Pager, str]:
    """Returns a page as `leafed` does, and how many rows there are in words: exactly, or "more than 1,000".

    Args:
        in_order: Count along the rows' order, where an index has it and the database would rather read all there are.
    """
    found, pager = leafed(request, rows, size=size)
    if not pager.next and found:
        return found, pager, number(pager.total)
    total = (rows if in_order else rows.order_by())[: MOST_COUNTED + 1].count()
    return (
        found,
        pager,
        number(total)
        if total <= MOST_COUNTED
        else _("more than %(MOST_COUNTED)s") % {"MOST_COUNTED": number(MOST_COUNTED)},
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    query.pop("id_token", None)
    return f"{request.path}?{query.urlencode()}"
