"""Paging by number, with the rest of the address kept: a page can be shared and found again with Back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 25


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

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        query.pop("id_token", None)
        return f"{request.path}?{query.urlencode()}"

    return list(page), Pager(
        previous=address(page.number - 1) if page.has_previous() else "",
        next=address(page.number + 1) if page.has_next() else "",
        total=paginator.count,
    )
