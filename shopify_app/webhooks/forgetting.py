"""Forgetting one customer everywhere: because Shopify says so, or because staff were asked to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from loyalty.api import calls
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
from shopify_app.shops.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import PersonalDataRequest


@transaction.atomic
def forget(*, program: Program, shop: Shop | None, shopify_customer_id: int, email: str | None, now: datetime) -> bool:
    """Replaces a member's identity by a tombstone and drops what else is stored of them. A repeat changes nothing.

    What Encore wrote onto the customer in the shop, and onto their profiles elsewhere, is taken back once the
    transaction has ended, by one attempt: to try again would mean to keep the address.

    Args:
        shop: Where the marks on the customer are taken back; None where the programme belongs to no shop yet.
        email: The address the shop knows them by; calls about somebody who was never a member may hold it.

    Returns:
        Whether a member was forgotten.
    """
    with scope(program=program):
        orders.forget_customer(shopify_customer_id=shopify_customer_id)
        forgotten = forget_customer(program=program, shopify_customer_id=shopify_customer_id, email=email, now=now)
        forget_purchases(member_ids=forgotten)
        forget_reasons(member_ids=forgotten)
        forget_members(member_ids=forgotten)
        forget_friend(member_ids=forgotten, email=email)
        imports.forget_customer(shopify_customer_id=shopify_customer_id, member_ids=forgotten, email=email)
    PersonalDataRequest.objects.filter(
        shop_domain=program.shopify_domain, shopify_customer_id=shopify_customer_id
    ).delete()
    calls.forget(program_id=program.pk)
    inbox.forget_customer(shop_domain=program.shopify_domain, shopify_customer_id=shopify_customer_id)
    if (
        forgotten and shop is not None and shop.uninstalled_at is None
    ):  # after all of ours is gone, and without a lock held
        transaction.on_commit(lambda: take_back(shop=shop, shopify_customer_id=shopify_customer_id), robust=True)
    if forgotten:
        transaction.on_commit(lambda: _take_back_elsewhere(program, shopify_customer_id, email, now), robust=True)
    return bool(forgotten)


def _take_back_elsewhere(program: Program, shopify_customer_id: int, email: str | None, now: datetime) -> None:
    with scope(program=program):
        forgetting.take_back(email=email, shopify_customer_id=shopify_customer_id, now=now)
