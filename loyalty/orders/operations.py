"""What may happen to orders: they are written down as the shop tells of them, in whatever order it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.members.queries import member as find_member
from loyalty.orders import facts as pure
from loyalty.orders.facts import OrderFacts, RefundFacts
from loyalty.orders.locks import lock_customer, lock_order
from loyalty.orders.models import KnownProducts, Order, Refund
from loyalty.orders.products import ProductFacts, learned
from loyalty.programs.models import Program

_NOT_TOLD = {"id", "program", "judged_rules", "created_at"}
"""Columns of an order that no telling of it changes."""


@transaction.atomic
def record_order(*, program: Program, told: OrderFacts, now: datetime) -> Order:
    """Writes down what a delivery tells of an order; any order and any repetition of deliveries ends in the same row.

    The newer telling wins; the total is the one it was placed with; that it was paid, fulfilled or cancelled stays. Its
    member is whoever its customer is.
    """
    lock_order(program_id=program.pk, shopify_order_id=told.shopify_order_id)
    order = Order.objects.filter(shopify_order_id=told.shopify_order_id).first()
    if order is None:
        order = Order(
            program=program, shopify_order_id=told.shopify_order_id, total_minor=told.total_minor, created_at=now,
            currency=told.currency,
        )  # fmt: skip
    if order._state.adding or _version_told(told) > _version_kept(order):
        order.shopify_customer_id, order.name = told.shopify_customer_id, told.name[:40]
        order.lines, order.facts = told.stored_lines(), told.stored_facts()
        order.placed_at, order.is_test = told.placed_at, told.is_test
        order.shopify_updated_at = told.shopify_updated_at
    order.paid_at = pure.earliest(order.paid_at, told.paid_at)
    order.fulfilled_at = pure.earliest(order.fulfilled_at, told.fulfilled_at)
    order.cancelled_at = pure.earliest(order.cancelled_at, told.cancelled_at)
    return _save(order, now=now)


@transaction.atomic
def record_refund(*, program: Program, told: RefundFacts, now: datetime) -> Order | None:
    """Writes a refund down once per reference; told again with more of its money gone through, the larger amount counts.

    Returns:
        Its order with the refund counted; None while the order is not known.
    """
    lock_order(program_id=program.pk, shopify_order_id=told.shopify_order_id)
    kind = Refund.Kind.REFUND if told.is_money else Refund.Kind.EDIT
    refund = Refund.objects.filter(reference=told.reference).first()
    if refund is None:
        Refund.objects.create(
            program=program, shopify_order_id=told.shopify_order_id, reference=told.reference, kind=kind,
            amount_minor=told.amount_minor, refunded_at=told.refunded_at, created_at=now,
        )  # fmt: skip
    elif (kind == Refund.Kind.REFUND, told.amount_minor) > (refund.kind == Refund.Kind.REFUND, refund.amount_minor):
        refund.kind, refund.amount_minor = kind, told.amount_minor
        refund.save(update_fields=["kind", "amount_minor"])
    order = Order.objects.filter(shopify_order_id=told.shopify_order_id).first()
    return _save(order, now=now) if order is not None else None


@transaction.atomic
def link_orders(*, member: Member, now: datetime) -> list[int]:
    """Gives a new member the orders their customer placed before; returns our numbers of them, the oldest first.

    The caller holds the customer's lock (`lock_customer`), taken before the member was made.
    """
    found = Order.objects.filter(member=None, shopify_customer_id=member.shopify_customer_id)
    orders = list(found.order_by("placed_at", "pk").values_list("pk", flat=True))
    Order.objects.filter(pk__in=orders).update(member=member, updated_at=now)
    return orders


def hand_over_orders(*, from_customer_id: int, into_customer_id: int, member: Member | None, now: datetime) -> int:
    """Gives one customer's orders to another, and to the member they are, if any; returns how many.

    Orders nobody owned stay for `link_orders`. The caller holds both customers' locks. A repeat finds none.
    """
    found = Order.objects.filter(shopify_customer_id=from_customer_id)
    found.filter(member__isnull=False).update(member=member)
    return int(found.update(shopify_customer_id=into_customer_id, updated_at=now))


def note_judged(*, order: Order, rule_id: int) -> None:
    """Remembers that a rule was asked what the order earns. The caller holds the member's account lock."""
    order.judged_rules = sorted({*order.judged_rules, rule_id})
    order.save(update_fields=["judged_rules"])


@transaction.atomic
def remember_products(
    *,
    program: Program,
    shopify_order_id: int,
    found: Mapping[int, ProductFacts],
    collection_ids: Collection[int],
    now: datetime,
) -> None:
    """Remembers what the shop said of an order's products; what it said before stays. The order may not be known yet.

    Args:
        collection_ids: The collections the shop was asked about.
    """
    row, _ = KnownProducts.objects.get_or_create(
        shopify_order_id=shopify_order_id, defaults={"program": program, "created_at": now}
    )
    row = KnownProducts.objects.select_for_update().get(pk=row.pk)
    row.products = learned(row.products, found, collection_ids=collection_ids)
    row.save(update_fields=["products"])


def forget_customer(*, shopify_customer_id: int) -> int:
    """Forgets whose orders they were, and what was typed on them; the figures stay. A repeat finds none."""
    count = 0
    for order in Order.objects.filter(shopify_customer_id=shopify_customer_id).select_for_update():
        order.shopify_customer_id = None
        order.facts = {**order.facts, "tags": []}
        order.save(update_fields=["shopify_customer_id", "facts"])
        count += 1
    return count


def forget_everyone() -> int:
    """Forgets whose every order of the programme was; see `forget_customer`."""
    customers = set(Order.objects.values_list("shopify_customer_id", flat=True))
    return sum(forget_customer(shopify_customer_id=customer) for customer in customers if customer is not None)


def _version_told(told: OrderFacts) -> tuple[datetime, int, str]:
    return pure.version_of(
        told.shopify_updated_at, told.current_total_minor, told.shopify_customer_id, told.name[:40],
        told.stored_lines(), told.stored_facts(), told.placed_at.timestamp(), told.is_test,
    )  # fmt: skip


def _version_kept(order: Order) -> tuple[datetime, int, str]:
    return pure.version_of(
        order.shopify_updated_at, order.facts.get("current_total_minor"), order.shopify_customer_id, order.name,
        order.lines, order.facts, order.placed_at.timestamp(), order.is_test,
    )  # fmt: skip


def _save(order: Order, *, now: datetime) -> Order:
    """Counts what was given back, finds the member, and writes the row. The caller holds the order's lock."""
    rows = list(Refund.objects.filter(shopify_order_id=order.shopify_order_id).values_list("kind", "amount_minor"))
    order.refunded_minor = pure.given_back(
        total_minor=order.total_minor,
        money=(amount for kind, amount in rows if kind == Refund.Kind.REFUND),
        goods=(amount for kind, amount in rows if kind == Refund.Kind.EDIT),
        current_total_minor=order.facts.get("current_total_minor"),
    )
    order.member = None
    if order.shopify_customer_id is not None:
        lock_customer(program_id=order.program_id, shopify_customer_id=order.shopify_customer_id)
        order.member = _member_of(order.shopify_customer_id)
    order.updated_at = now
    if order._state.adding:
        order.save(force_insert=True)
    else:  # which rules were asked is written under the account's lock, not under this one
        order.save(update_fields=[each.name for each in Order._meta.concrete_fields if each.name not in _NOT_TOLD])
    return order


def _member_of(shopify_customer_id: int) -> Member | None:
    try:
        return find_member(identifier=str(shopify_customer_id))
    except CustomerNotFound:
        return None
