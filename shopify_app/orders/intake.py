"""What a shop tells of an order or a refund, handed to the programme: written down, settled, its codes followed.

Everything here may run again and in any order; the end is the same.
"""

from __future__ import annotations

from datetime import datetime

from django_scopes import scope

from loyalty.earning import operations as earning
from loyalty.members import queries
from loyalty.members.errors import CustomerNotFound
from loyalty.members.ports import Customer, customer_directory
from loyalty.orders.facts import OrderFacts, RefundFacts
from loyalty.orders.models import Order
from loyalty.orders.operations import record_order, record_refund
from loyalty.programs.models import Program
from loyalty.referrals import operations as referrals
from loyalty.rewards import operations as rewards


def take_order(
    *, program: Program, told: OrderFacts, refunds: list[RefundFacts], now: datetime, email: str | None = None
) -> Order:
    """Writes an order down with the refunds it lists, enrols its customer where orders do, and settles it.

    Args:
        email: The buyer's address as the order has it: a friend who was invited is known by it. It is not kept.

    Raises:
        ShopUnreachable: Its customer is to be enrolled or its products judged, and the shop did not answer; nothing has
            changed.
    """

    def write_down() -> Order:
        order = record_order(program=program, told=told, now=now)
        for refund in refunds:
            order = record_refund(program=program, told=refund, now=now) or order
        if joins is not None:
            earning.enrol(program=program, customer=joins, now=now, source="order")
        _follow(order, now=now, email=email)
        return order

    with scope(program=program):
        joins = _who_joins(program, told)  # asked before anything is locked: the shop takes its time
        return earning.knowing_products(program=program, work=write_down, now=now)


def take_refund(*, program: Program, told: RefundFacts, now: datetime) -> Order | None:
    """Writes a refund down and settles its order; None while the order is not known.

    Raises:
        ShopUnreachable: A rule that has not judged the order yet needs to know its products, and the shop did not answer;
            nothing has changed.
    """

    def write_down() -> Order | None:
        order = record_refund(program=program, told=told, now=now)
        if order is not None:
            _follow(order, now=now)
        return order

    with scope(program=program):
        return earning.knowing_products(program=program, work=write_down, now=now)


def _follow(order: Order, *, now: datetime, email: str | None = None) -> None:
    """What follows from an order as it stands: what it earns, what becomes of its codes, and of who brought its buyer."""
    earning.settle(order_id=order.pk, now=now)
    order.refresh_from_db()
    codes = order.facts.get("discount_codes") or []
    rewards.follow_order(order=order, codes=codes, now=now)
    referrals.follow_order(order=order, codes=codes, email=email, now=now)


def _who_joins(program: Program, told: OrderFacts) -> Customer | None:
    """The customer whom this order makes a member; None for a member, a guest without an account, an unpaid order."""
    is_for_now = program.is_enabled and told.paid_at is not None and told.cancelled_at is None and not told.is_test
    if not program.enrols_on_order or told.shopify_customer_id is None or not is_for_now:
        return None
    try:
        queries.member(identifier=str(told.shopify_customer_id))
    except CustomerNotFound:
        return customer_directory().find(
            shopify_domain=program.shopify_domain, shopify_customer_id=told.shopify_customer_id
        )
    return None
