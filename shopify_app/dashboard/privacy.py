"""Settings > Privacy: what customers asked the shop to hand over, and the answer, ready to copy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.paging import paged
from shopify_app.webhooks.queries import data_requests

ANSWER_WITHIN = timedelta(days=30)
"""What Shopify gives a merchant to answer."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request: who asked, when, and until when the answer is due."""

    id: int
    customer_id: int
    requested_at: datetime
    due_at: datetime


@require_GET
@page
def requests(request: AdminRequest) -> HttpResponse:
    """Lists the requests, newest first."""
    found, pager = paged(request, data_requests(shop_domain=request.program.shopify_domain).defer("data"))
    rows = [
        RequestRow(each.pk, each.shopify_customer_id, each.requested_at, each.requested_at + ANSWER_WITHIN)
        for each in found
    ]
    return show(request, "dashboard/settings/privacy.html", {"heading": _("Privacy"), "rows": rows, "pager": pager})


@require_GET
@page
def data_request(request: AdminRequest, request_id: int) -> HttpResponse:
    """Shows one answer as text. A page and no file: the admin's frame may not download. Each view is logged."""
    found = data_requests(shop_domain=request.program.shopify_domain).filter(pk=request_id).first()
    if found is None:
        raise Http404(_("No such request in this shop"))
    log.info("personal data viewed", request_id=found.pk, actor=request.actor)
    context = {
        "heading": _("Data of customer %(shopify_customer_id)s") % {"shopify_customer_id": found.shopify_customer_id},
        "requested_at": found.requested_at,
        "data": json.dumps(json.loads(found.data or "{}"), indent=2, ensure_ascii=False),
    }
    return show(request, "dashboard/settings/data_request.html", context)
