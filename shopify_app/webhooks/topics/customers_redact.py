"""`customers/redact`: forget who a customer is. The ledger keeps its rows under nobody's name, so that sums hold."""

from django.utils import timezone

from shopify_app.webhooks.forgetting import forget
from shopify_app.webhooks.topics.delivery import Delivery


def handle(delivery: Delivery) -> None:
    """Replace the member's identity by a tombstone and drop what else we stored of them. Replay: changes nothing.

    Raises:
        Ignored: unknown shop, or no customer named.
    """
    shop = delivery.shop()
    forget(
        program=shop.program,
        shop=shop,
        shopify_customer_id=delivery.customer_id(),
        email=delivery.customer_email(),
        now=timezone.now(),
    )
