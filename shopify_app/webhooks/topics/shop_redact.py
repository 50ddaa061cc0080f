"""`shop/redact`, 48 hours after an uninstall: forget every customer of the shop, and what the shop told us."""

from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import forget_everyone
from loyalty.rewards.operations import forget_purchases
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
        forget_purchases(member_ids=forget_everyone(program=shop.program, now=timezone.now()))
    PersonalDataRequest.objects.filter(shop_domain=shop.domain).delete()
    ReceivedWebhook.objects.filter(shop_domain=shop.domain).update(body=None)
