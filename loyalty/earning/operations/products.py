"""Orders are judged by what their products are, which the shop is asked for: never while anything is locked.

Who judges orders does it through `knowing_products`. Where something needed is not known, judging undoes itself and says
what it lacks; the shop is asked, what it says is kept with the order, and the judging is done again. So what is asked is
just what is needed, and an order once judged is never judged by other facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from loyalty.campaigns import queries as campaigns
from loyalty.earning.errors import TooMuchContention
from loyalty.earning.models import EarningRule
from loyalty.earning.purchase import needs_of
from loyalty.orders.models import Order
from loyalty.orders.operations import remember_products
from loyalty.orders.ports import catalogue
from loyalty.orders.products import Known, Needs, lacking
from loyalty.orders.queries import known_products
from loyalty.programs.models import Program

ATTEMPTS = 3
"""How often rules that are being changed may ask for something else before the caller is asked to retry."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked of one order's products."""

    product_ids: frozenset[int]
    collection_ids: frozenset[int]


class ProductsUnknown(Exception):
    """Orders can't be judged before the shop was asked about their products; by Shopify's number of the order."""

    def __init__(self, wanted: Mapping[int, Wanted]) -> None:
        super().__init__(f"products of {len(wanted)} orders are not known")
        self.wanted = wanted


def knowing_products(*, program: Program, work: Callable[[], Result], now: datetime) -> Result:
    """Does what may judge orders, in a transaction, and asks the shop for what that lacks, with the work undone.

    Args:
        work: May run several times; only the last has happened. What it locks is free while the shop is asked, unless the
            caller holds it.

    Raises:
        ShopUnreachable: The shop was to be asked and did not answer; nothing has happened.
        TooMuchContention: Rules or campaigns kept changing; nothing has happened.
    """
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return work()
        except ProductsUnknown as unknown:
            _ask(program, unknown.wanted, now)
    raise TooMuchContention


def products_for(order: Order, rules: Collection[EarningRule]) -> Known:
    """Returns what is known of an order's products, which is all that these rules and their campaigns need.

    Raises:
        ProductsUnknown: It is not all.
    """
    if wanted := _wanted(order, rules):
        raise ProductsUnknown({order.shopify_order_id: wanted})
    return known_products(order)


def require_products(due: Mapping[Order, Collection[EarningRule]]) -> None:
    """Makes sure that several orders can be judged, so that the shop is asked about all of them at once.

    Raises:
        ProductsUnknown: They can't.
    """
    lacks = {order.shopify_order_id: wanted for order, rules in due.items() if (wanted := _wanted(order, rules))}
    if lacks:
        raise ProductsUnknown(lacks)


def _wanted(order: Order, rules: Collection[EarningRule]) -> Wanted | None:
    needs = Needs()
    for rule in rules:
        needs |= needs_of(rule.options)
    by_line = [rule.pk for rule in rules if rule.options.get("per") != "fixed"]  # fixed points belong to no line
    needs |= campaigns.needs(rule_ids=by_line, at=order.placed_at) if by_line else Needs()
    if not needs:
        return None
    sold = {line["product_id"] for line in order.lines if line.get("product_id") is not None}
    unknown = lacking(sold, known_products(order), needs)
    return Wanted(unknown, needs.collection_ids) if unknown else None


def _ask(program: Program, wanted: Mapping[int, Wanted], now: datetime) -> None:
    """Asks the shop about the products of some orders at once, and keeps what it says with each."""
    products = frozenset(number for each in wanted.values() for number in each.product_ids)
    collections = frozenset(number for each in wanted.values() for number in each.collection_ids)
    found = catalogue().products(
        shopify_domain=program.shopify_domain, product_ids=products, collection_ids=collections
    )
    for order_id, each in wanted.items():
        remember_products(
            program=program, shopify_order_id=order_id, collection_ids=collections, now=now,
            found={number: found[number] for number in each.product_ids},
        )  # fmt: skip
