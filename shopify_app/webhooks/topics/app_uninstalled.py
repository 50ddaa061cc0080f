"""`app/uninstalled`: the tokens are void; forget them and close the doors. The data waits for `shop/redact`."""

from shopify_app.shops.operations import uninstall
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Uninstall, unless the shop was installed again after this happened: deliveries come late and out of order."""
    shop = delivery.shop()
    if shop.uninstalled_at is not None:
        raise Ignored("already uninstalled")
    if shop.installed_at > delivery.triggered_at:
        raise Ignored("installed again since")
    uninstall(domain=shop.domain, now=delivery.triggered_at)
