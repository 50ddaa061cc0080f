"""`app_subscriptions/update`: what the shop pays for may be another plan now."""

from django.utils import timezone
from django_scopes import scope

from shopify_app.billing.operations import refresh_plan
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Ask what the shop pays for as it is now, and believe nothing the delivery says: they come late and out of order.

    Unanswered, the last known plan stays, and it is asked again when the app is opened, or the next day. Replay: changes
    nothing. Unverified: that Shopify sends it for App Pricing too; for subscriptions of the Billing API it does.

    Raises:
        Ignored: unknown or uninstalled shop.
    """
    shop = delivery.shop()
    if shop.uninstalled_at is not None:
        raise Ignored("uninstalled")
    with scope(program=shop.program):
        refresh_plan(program=shop.program, now=timezone.now())
