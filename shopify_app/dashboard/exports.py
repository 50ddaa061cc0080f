"""Export CSV: a page asks for an address, which downloads for a minute.

A download is no fetch, so inside Shopify's frame it carries no session token (admin-ui facts, section 8). The page therefore
asks with its token, and is answered with a signed address that names the list, the programme, the filters and who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.request import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from loyalty.programs.models import Program
from shopify_app.auth.policy import only_framed_by, plain
from shopify_app.dashboard import (
    activity_filters,
    analytics_export,
    approval_filters,
    delivery_filters,
    import_export,
    list_exports,
    member_filters,
    referral_filters,
)
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.activity_export import activity_table
from shopify_app.dashboard.delivery_export import delivery_table
from shopify_app.dashboard.exporting import Table, answer
from shopify_app.dashboard.member_export import member_table

log = structlog.get_logger(__name__)

SALT = "encore.export"
"""An address that was signed for anything else opens no export."""
LIFE_SECONDS = 60
Builder = Callable[[Mapping[str, str], Program, datetime], Table]
LISTS: dict[str, tuple[tuple[str, ...], Builder]] = {
    "members": (member_filters.NAMES, member_table),
    "activity": (activity_filters.NAMES, activity_table),
    "analytics": (analytics_export.NAMES, analytics_export.day_table),
    "approvals": (approval_filters.NAMES, list_exports.approval_table),
    "campaigns": ((), list_exports.campaign_table),
    "deliveries": (delivery_filters.NAMES, delivery_table),
    "earning-rules": ((), list_exports.rule_table),
    "redemptions": ((), list_exports.redemption_table),
    "referrals": (referral_filters.NAMES, list_exports.referral_table),
    "rewards": ((), list_exports.reward_table),
    "import-errors": (import_export.ERRORS, import_export.error_table),
    "import-sample": ((), import_export.sample_table),
}
"""What can be exported, by its name in the address: the names of its filters, and what makes the file."""


@require_POST
@page
def export(request: AdminRequest, name: str) -> HttpResponse:
    """Answers with the address of a list's file, under the filters that were posted; the browser goes there at once."""
    if name not in LISTS:
        raise Http404(_("No such list"))
    names, _builder = LISTS[name]
    said = {each: request.POST[each][:254] for each in names if request.POST.get(each)}
    order = {"list": name, "program": request.program.pk, "by": request.actor, "query": said}
    to = reverse("export_file", args=[signing.dumps(order, salt=SALT, compress=True)])
    return HttpResponseClientRedirect(to) if getattr(request, "htmx", False) else HttpResponseRedirect(to)


@require_GET
def export_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Streams the file that a signed address names, to whoever has it, for a minute."""
    try:
        order: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LIFE_SECONDS)
    except signing.SignatureExpired:
        return _refused(_("This download has run out. Go back and press Export CSV again."))
    except signing.BadSignature:
        return _refused(_("This address opens nothing. Go back and press Export CSV again."))
    program = Program.objects.filter(pk=order["program"]).first()
    if program is None:
        return _refused(_("This programme is gone."))
    now = timezone.now()
    with scope(program=program):
        table = LISTS[order["list"]][1](order["query"], program, now)
    log.info("list exported", list=order["list"], program_id=program.pk, actor=order["by"])
    response: StreamingHttpResponse = answer(table, program, today=now.astimezone(program.zone).date())
    return response


def _refused(sentence: str) -> HttpResponse:
    return only_framed_by(plain(sentence, 403), None)
