"""`customers/redact`: forget who a customer is. The ledger keeps its rows under nobody's name, so that sums hold."""

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from loyalty.credits.operations import forget_reasons
from loyalty.earning.operations import forget_customer
from loyalty.imports import operations as imports
from loyalty.integrations import forgetting
from loyalty.integrations.operations import forget_members
from loyalty.orders import operations as orders
from loyalty.programs.models import Program
from loyalty.referrals.operations import forget_friend
from loyalty.rewards.operations import forget_purchases
from shopify_app.metafields.forgetting import take_back
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import PersonalDataRequest
from shopify_app.webhooks.topics.delivery import Delivery


def handle(delivery: Delivery) -> None:
    """Replace the member's identity by a tombstone and drop what else we stored of them. Replay: changes nothing.

    What Encore wrote onto the customer in the shop, and onto their profiles elsewhere, is taken back as well.

    Raises:
        Ignored: unknown shop, or no customer named.
    """
    customer_id, shop = delivery.customer_id(), delivery.shop()
    program = shop.program
    with scope(program=program):
        orders.forget_customer(shopify_customer_id=customer_id)
        forgotten = forget_customer(
            program=program, shopify_customer_id=customer_id, email=delivery.customer_email(), now=timezone.now()
        )
        forget_purchases(member_ids=forgotten)
        forget_reasons(member_ids=forgotten)
        forget_members(member_ids=forgotten)
        forget_friend(member_ids=forgotten, email=delivery.customer_email())
        imports.forget_customer(shopify_customer_id=customer_id, member_ids=forgotten, email=delivery.customer_email())
    PersonalDataRequest.objects.filter(shop_domain=delivery.shop_domain, shopify_customer_id=customer_id).delete()
    inbox.forget_customer(shop_domain=delivery.shop_domain, shopify_customer_id=customer_id)
    if forgotten and shop.uninstalled_at is None:  # after all of ours is gone, and without a lock held
        transaction.on_commit(lambda: take_back(shop=shop, shopify_customer_id=customer_id), robust=True)
    if forgotten:
        transaction.on_commit(lambda: _take_back_elsewhere(program, delivery), robust=True)


def _take_back_elsewhere(program: Program, delivery: Delivery) -> None:
    with scope(program=program):
        forgetting.take_back(
            email=delivery.customer_email(), shopify_customer_id=delivery.customer_id(), now=timezone.now()
        )
