"""`customers/delete`: the shop deleted a customer. Their sums stay, the person goes, as with `customers/redact`."""

from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import forget_customer
from loyalty.orders import operations as orders
from loyalty.rewards.operations import forget_purchases
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Replace the member's identity by a tombstone. Replay: changes nothing.

    Raises:
        Ignored: unknown shop, or no customer.
    """
    program, customer_id = delivery.program(), delivery.payload.get("id")
    if isinstance(customer_id, bool) or not isinstance(customer_id, int):
        raise Ignored("no customer")
    with scope(program=program):
        orders.forget_customer(shopify_customer_id=customer_id)
        forgotten = forget_customer(program=program, shopify_customer_id=customer_id, now=timezone.now())
        forget_purchases(member_ids=forgotten)
