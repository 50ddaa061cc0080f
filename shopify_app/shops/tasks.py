"""What runs later for shops."""

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from shopify_app.admin_api.errors import NothingSent
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import access_token_for

log = structlog.get_logger(__name__)


@shared_task
def renew_tokens(**_: Any) -> None:
    """Renew every connected shop's tokens, so that a shop nobody opens does not fall out of the 90 days."""
    connected = Shop.objects.filter(uninstalled_at=None, needs_reauth_at=None, refresh_token__isnull=False)
    for shop in connected.iterator():
        try:
            access_token_for(shop, now=timezone.now(), after_refusal_of=shop.access_token)
        except NothingSent as failure:  # NeedsReauth is one: the row says so already
            log.warning("token not renewed", shop=shop.domain, reason=str(failure))
