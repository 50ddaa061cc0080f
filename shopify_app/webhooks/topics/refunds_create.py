"""`refunds/create`: money or goods were given back, and their share of the points goes back."""

from shopify_app.webhooks.topics.delivery import Delivery
from shopify_app.webhooks.topics.orders import follow_refund


def handle(delivery: Delivery) -> None:
    """Write the refund down once; see `topics/orders.py`."""
    follow_refund(delivery)
