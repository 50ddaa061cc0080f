"""`shop/redact`, 48 hours after an uninstall: forget every customer of the shop, and what the shop told us."""

from django.utils import timezone
from django_scopes import scope

from loyalty.members import operations, queries
from shopify_app.webhooks.models import PersonalDataRequest, ReceivedWebhook
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Redact all members and drop stored bodies. Replay: finds nobody left.

    Raises:
        Ignored: unknown shop, or it has installed Encore again: its merchant still needs the data.
    """
    shop = delivery.shop()
    if shop.uninstalled_at is None:
        raise Ignored("installed again")
    with scope(program=shop.program):
        for customer_id in queries.members().values_list("shopify_customer_id", flat=True):
            operations.redact(shopify_customer_id=customer_id, now=timezone.now())
    PersonalDataRequest.objects.filter(shop_domain=shop.domain).delete()
    ReceivedWebhook.objects.filter(shop_domain=shop.domain).update(body=None)
