"""`customers/create`: somebody made an account, and is a member from now on; what they ordered as a guest counts."""

from functools import partial

from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import enrol, knowing_products
from shopify_app.customers.directory import ShopifyCustomerDirectory
from shopify_app.webhooks.topics.delivery import Delivery, Ignored
from shopify_app.webhooks.topics.orders import installed


def handle(delivery: Delivery) -> None:
    """Enrol a customer with an account, as the shop knows them now. Replay: changes nothing.

    Raises:
        Ignored: unknown or uninstalled shop, programme off, no account (a guest, or a newsletter's address), or gone.
        ShopUnreachable: the row waits for its next turn.
    """
    program = installed(delivery)
    customer_id = delivery.payload.get("id")
    if isinstance(customer_id, bool) or not isinstance(customer_id, int):
        raise Ignored("no customer")
    if delivery.payload.get("state") != "enabled":
        raise Ignored("no account")
    if not program.is_enabled:
        raise Ignored("the programme is off")
    customer = ShopifyCustomerDirectory().find(shopify_domain=program.shopify_domain, shopify_customer_id=customer_id)
    if customer is None:
        raise Ignored("no longer a customer")
    now = timezone.now()
    with scope(program=program):
        work = partial(enrol, program=program, customer=customer, now=now, source="account")
        knowing_products(program=program, work=work, now=now)
