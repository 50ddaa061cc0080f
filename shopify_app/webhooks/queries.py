"""What may be asked of the inbox from outside."""

from __future__ import annotations

from django.db.models import QuerySet

from shopify_app.webhooks.models import PersonalDataRequest


def data_requests(*, shop_domain: str) -> QuerySet[PersonalDataRequest]:
    """Returns what customers of a shop asked to be handed over, newest first."""
    return PersonalDataRequest.objects.filter(shop_domain=shop_domain).order_by("-requested_at", "-pk")
