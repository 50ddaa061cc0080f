"""What may be asked of webhook subscriptions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import SubscriptionNotFound

TOLD_AFTER = timedelta(hours=24)


def subscriptions() -> QuerySet[WebhookSubscription]:
    """Returns every subscription of the programme in scope, newest first."""
    found: QuerySet[WebhookSubscription] = WebhookSubscription.objects.order_by("-created_at", "-pk")
    return found


def subscription(*, public_id: str) -> WebhookSubscription:
    """Returns one subscription.

    Raises:
        SubscriptionNotFound: No such subscription here.
    """
    found: WebhookSubscription | None = subscriptions().filter(public_id=public_id).first()
    if found is None:
        raise SubscriptionNotFound(public_id)
    return found


def failing(*, now: datetime) -> QuerySet[WebhookSubscription]:
    """Returns the subscriptions that are on and have failed for a day without a success: the merchant is told."""
    return subscriptions().filter(is_active=True, failing_since__lte=now - TOLD_AFTER)
