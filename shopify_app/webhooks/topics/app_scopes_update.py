"""`app/scopes_update`: the merchant granted or took back scopes; which ones the shop has is kept with its tokens."""

from shopify_app.webhooks.topics import shop_update
from shopify_app.webhooks.topics.delivery import Delivery


def handle(delivery: Delivery) -> None:
    """Read the scopes as they are now, with what else a shop tells. Replay: changes nothing.

    Raises:
        Ignored: unknown or uninstalled shop.
        ShopUnreachable: the row waits for its next turn.
    """
    shop_update.handle(delivery)
