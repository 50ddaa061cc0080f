"""`shop/update`: the programme follows the shop's name, address, time zone and currency."""

from django.utils import timezone

from shopify_app.shops.details import follow_details
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Read the shop as it is now: deliveries come late and out of order. Replay: changes nothing.

    Raises:
        Ignored: unknown or uninstalled shop.
        ShopUnreachable: the row waits for its next turn.
    """
    shop = delivery.shop()
    if shop.uninstalled_at is not None:
        raise Ignored("uninstalled")
    follow_details(shop=shop, now=timezone.now())
