"""`orders/fulfilled`: an order was sent, and earns by the rules that go by that."""

from shopify_app.webhooks.topics.delivery import Delivery
from shopify_app.webhooks.topics.orders import follow


def handle(delivery: Delivery) -> None:
    """Write down what is told of the order; see `topics/orders.py`."""
    follow(delivery)
