"""The daily table as a file. A page inside Shopify's frame has no cookie and a link no token: so pressing the button
makes an address that is signed, lives for a minute, and names the shop and the days (admin-ui facts, section 8).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from loyalty.analytics import queries
from loyalty.analytics.measuring import FROM_LEDGER, FROM_SHOP
from loyalty.analytics.models import Day
from loyalty.analytics.spans import Span
from loyalty.money import text
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.analytics_asked import asked_of

SALT = "analytics-export"
SECONDS = 60
_MONEY = {"revenue_minor": "revenue", "rewarded_revenue_minor": "rewarded_revenue"}


@require_POST
@page
def export(request: AdminRequest) -> HttpResponse:
    """Answers with the address of the file for the days that the page shows."""
    asked = asked_of(request.POST, today=timezone.now().astimezone(request.program.zone).date())
    days = [asked.span.first.isoformat(), asked.span.last.isoformat()]
    token = signing.dumps([request.program.pk, *days], salt=SALT)
    address = reverse("analytics_file", args=[token])
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponse(status=303, headers={"Location": address})


@require_GET
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Streams the file that a signed address names; 403 for any other, and for one that is over."""
    try:
        program_id, first, last = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return HttpResponse(_("This address is over. Press Export again."), status=403, content_type="text/plain")
    program = Program.objects.get(pk=program_id)
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    with scope(program=program):  # the rows are read here: the file is sent when no scope is open any more
        found = queries.counted(program=program, now=timezone.now())
        days = found.within(span) if found else []
    answer = StreamingHttpResponse(lines(days, currency=program.currency), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="encore-analytics-{first}-{last}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def lines(days: list[Day], *, currency: str) -> Iterator[str]:
    """Yields the lines of the file, its header first: points signed as the ledger has them, money as plain decimals."""
    columns = [*FROM_LEDGER, *FROM_SHOP]
    yield _line(["day", *(_MONEY.get(name, name) for name in columns), "currency"])
    for each in days:
        values = [(name, getattr(each, name)) for name in columns]
        said = [text(value, currency) if name in _MONEY else str(value) for name, value in values]
        yield _line([each.day.isoformat(), *said, currency])


def _line(values: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
