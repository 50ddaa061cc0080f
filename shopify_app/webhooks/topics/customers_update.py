"""`customers/update`: a member's name, address, language and tags follow the shop."""

from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import follow_tags
from loyalty.members import operations, queries
from loyalty.members.errors import CustomerNotFound
from shopify_app.customers.directory import ShopifyCustomerDirectory
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Read the customer as they are now and write that down.

    Deliveries come late and out of order, so the payload only says whom to look at. Customers who are no members are
    left alone: nothing of theirs is stored.

    Raises:
        Ignored: not a member, no longer a customer, or the shop is uninstalled.
        ShopUnreachable: the row waits for its next turn.
    """
    shop = delivery.shop()
    if shop.uninstalled_at is not None:
        raise Ignored("uninstalled")
    customer_id = delivery.payload.get("id")
    if isinstance(customer_id, bool) or not isinstance(customer_id, int):
        raise Ignored("no customer")
    with scope(program=shop.program):
        try:
            queries.member(identifier=str(customer_id))
        except CustomerNotFound:
            raise Ignored("not a member") from None
        customer = ShopifyCustomerDirectory().find(shopify_domain=shop.domain, shopify_customer_id=customer_id)
        if customer is None:
            raise Ignored("no longer a customer")
        now = timezone.now()
        member = operations.update_identity(
            shopify_customer_id=customer_id,
            email=customer.email,
            first_name=customer.first_name,
            last_name=customer.last_name,
            locale=customer.locale,
            now=now,
        )
        if member is not None:
            follow_tags(member_id=member.pk, tags=customer.tags, now=now)
