"""Settings > General, Shopify data: having everything written into the shop again."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved
from shopify_app.dashboard.reading import number
from shopify_app.metafields.syncing import sync_everything


def sync_after(*, before: Program, after: Program, now: datetime) -> list[str]:
    """Has everybody written again where a switch about what is written was turned; returns a sentence on it, or none."""
    is_new_mage = after.writes_mage_metafields and not before.writes_mage_metafields
    if not is_new_mage and after.writes_tier_tags == before.writes_tier_tags:
        return []
    takes_tags_back = before.writes_tier_tags and not after.writes_tier_tags
    return [_told(sync_everything(program_id=after.pk, now=now, takes_tags_back=takes_tags_back))]


@require_POST
@page
def sync_now(request: AdminRequest) -> HttpResponse:
    """Queues the shop and all members; pressed again, who waits keeps their place."""
    queued = sync_everything(program_id=request.program.pk, now=timezone.now())
    return saved(request, link(request, "settings"), _told(queued))


def _told(queued: int) -> str:
    said = ngettext("%(members)s member is being synced.", "%(members)s members are being synced.", queued)
    return said % {"members": number(queued)}
