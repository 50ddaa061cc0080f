"""`orders/updated`: something about an order has changed; a missed delivery is made up for here."""

from shopify_app.webhooks.topics.delivery import Delivery
from shopify_app.webhooks.topics.orders import follow


def handle(delivery: Delivery) -> None:
    """Write down what is told of the order; see `topics/orders.py`."""
    follow(delivery)
