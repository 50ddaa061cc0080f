"""Orders earn, and what is given back takes its points along: `settle` brings an order's awards to where they belong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from loyalty.earning.activity import Activity, OrderReference
from loyalty.earning.errors import AlreadyAwarded, EarningLimitReached, RuleNotFound
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations.award import award
from loyalty.earning.operations.milestones import reach
from loyalty.earning.operations.products import products_for, require_products
from loyalty.earning.operations.refunds import take_back
from loyalty.earning.purchase import Purchase, parts
from loyalty.earning.results import AwardResult
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.errors import CustomerExcluded, CustomerNotFound
from loyalty.members.models import Member
from loyalty.orders.locks import lock_order
from loyalty.orders.models import Order
from loyalty.orders.operations import link_orders, note_judged
from loyalty.orders.products import Known
from loyalty.orders.queries import is_first_of
from loyalty.tiers.operations import requalify


@transaction.atomic
def settle(*, order_id: int, now: datetime) -> None:
    """Brings an order's awards to where they belong: earned once per rule, and taken back as far as it was refunded.

    A repeat changes nothing, and so does an order of which nothing is new. What its member bought counts towards their
    milestones and their tier.

    Args:
        order_id: Our number of the order.

    Raises:
        ProductsUnknown: The shop is to be asked about its products first; see `operations/products.py`.
    """
    order = Order.objects.select_related("program", "member").get(pk=order_id)
    member = order.member
    if member is not None:
        lock_account(account_id=account_id_of(member_id=member.pk))
        order.refresh_from_db(fields=["judged_rules"])
        _earn(order, member, now=now)
    take_back(order=order, now=now)
    if member is not None:
        if order.counts:
            reach(program=order.program, member=member, order=order, now=now)
        requalify(member_id=member.pk, now=now)


def settle_earlier_orders(*, member: Member, now: datetime) -> None:
    """Credits a new member with the orders their customer placed as a guest. The caller holds the customer's lock.

    Raises:
        ProductsUnknown: The shop is to be asked about their products first.
    """
    orders = link_orders(member=member, now=now)
    require_products({order: _due(order) for order in Order.objects.filter(pk__in=orders)})
    for order_id in orders:
        settle(order_id=order_id, now=now)


@transaction.atomic
def award_late(*, program_id: int, shopify_order_id: int, rule_id: str, now: datetime) -> AwardResult | None:
    """Awards an order that was skipped when it was settled, and takes back what was refunded of it since.

    Args:
        rule_id: The rule's public id.

    Returns:
        The award, or a skip; None for an order that earns nothing any more: cancelled, given back, or nobody's.

    Raises:
        RuleNotFound, AlreadyAwarded, CustomerExcluded: As `award` has it; nothing has changed.
        ProductsUnknown: The shop is to be asked about its products first.
    """
    lock_order(program_id=program_id, shopify_order_id=shopify_order_id)
    orders = Order.objects.select_related("program", "member").filter(shopify_order_id=shopify_order_id)
    order, rule = orders.first(), EarningRule.objects.filter(public_id=rule_id).first()
    if order is None or order.member is None or rule is None or not _may_earn(order):
        return None
    lock_account(account_id=account_id_of(member_id=order.member.pk))
    activity = replace(_activity(order, order.member, rule, products_for(order, [rule])), is_late=True)
    with transaction.atomic():
        result = award(activity=activity, program_id=program_id, now=now)
    take_back(order=order, now=now)
    return result


def _may_earn(order: Order) -> bool:
    is_alive = order.paid_at is not None and order.cancelled_at is None and not order.is_test
    return is_alive and not _is_given_back(order)


def _due(order: Order) -> list[EarningRule]:
    """Returns the rules that are to be asked now what the order earns: each once, from when it may earn by that rule."""
    if not _may_earn(order):
        return []
    rules = EarningRule.objects.existing().filter(
        action="place_order", is_active=True, activated_at__lte=order.placed_at
    )
    return [
        rule
        for rule in rules.order_by("pk")
        if rule.pk not in order.judged_rules
        and (rule.options.get("when") != "fulfilled" or order.fulfilled_at is not None)
    ]


def _earn(order: Order, member: Member, *, now: datetime) -> None:
    due = _due(order)
    known = products_for(order, due) if due else {}
    for rule in due:
        if not Award.objects.filter(order_id=order.shopify_order_id, rule=rule).exists():
            _award(order, member, rule, known, now=now)
        note_judged(order=order, rule_id=rule.pk)


def _award(order: Order, member: Member, rule: EarningRule, known: Known, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            award(activity=_activity(order, member, rule, known), program_id=order.program_id, now=now)
    except (AlreadyAwarded, CustomerExcluded, CustomerNotFound, EarningLimitReached, RuleNotFound):
        return  # the rule has answered: this order earns nothing by it


def _activity(order: Order, member: Member, rule: EarningRule, known: Known) -> Activity:
    purchase = Purchase(
        currency=order.currency, lines=order.lines, facts=order.facts, products=known,
        is_first=bool(rule.options.get("first_order_only")) and is_first_of(order),
    )  # fmt: skip
    return Activity(
        rule=RuleReference(public_id=rule.public_id),
        customer=CustomerReference(shopify_customer_id=member.shopify_customer_id),
        source="order",
        occurred_at=order.placed_at,
        occurrence=f"order:{rule.pk}:{order.shopify_order_id}",
        parts=parts(rule.points, rule.options, purchase),
        order=OrderReference(order.shopify_order_id, order.name, order.placed_at),
    )


def _is_given_back(order: Order) -> bool:
    return order.total_minor > 0 and order.refunded_minor >= order.total_minor
