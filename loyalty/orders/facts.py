"""Orders and refunds as a shop tells of them, and what several tellings come to: pure.

Deliveries come late, twice and out of order. What is merged here depends on what was told, never on when we heard it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of an order. Money is in the smallest unit of the shop's currency, for the whole quantity.

    Attributes:
        amount_minor: After all discounts, without tax.
        discount_minor: What the discounts took off.
    """

    line_id: int
    product_id: int | None
    variant_id: int | None
    quantity: int
    amount_minor: int
    tax_minor: int = 0
    discount_minor: int = 0
    is_gift_card: bool = False


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as one delivery told of it. Money is in the smallest unit of `currency`, the shop's own.

    Attributes:
        total_minor: What it was placed for, refunds and edits not taken off.
        current_total_minor: What is left of the total after edits, returns and refunds; None when not told.
        paid_at: The earliest instant at which it is known to be paid; None when it is not. `fulfilled_at` alike.
        facts: shipping_minor, tax_minor, tips_minor, discounts_minor, gift_card_paid_minor, taxes_included, source_name,
            tags, discount_codes, customer_order_number.
    """

    shopify_order_id: int
    shopify_customer_id: int | None
    name: str
    currency: str
    total_minor: int
    placed_at: datetime
    shopify_updated_at: datetime
    current_total_minor: int | None = None
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_test: bool = False
    lines: tuple[LineFacts, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def stored_lines(self) -> list[dict[str, Any]]:
        """Returns the lines as they are kept with the order."""
        return [asdict(line) for line in self.lines]

    def stored_facts(self) -> dict[str, Any]:
        """Returns the facts as they are kept with the order."""
        return {**self.facts, "current_total_minor": self.current_total_minor}


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money or goods given back, by a reference that is unique in the shop.

    `is_money` is False for goods taken off without money moving (an order edit): the money may follow under a
    reference of its own, and must not count a second time.
    """

    shopify_order_id: int
    reference: str
    amount_minor: int
    refunded_at: datetime
    is_money: bool = True


def version_of(updated_at: datetime, current_total_minor: int | None, *told: Any) -> tuple[datetime, int, str]:
    """Returns what decides which of two tellings is the newer.

    Shopify's times are whole seconds, so several changes in one second happen: then the one with less left of the total
    is the newer, for that is where orders go. Between tellings that differ in neither, any fixed rule will do.
    """
    left = -1 if current_total_minor is None else current_total_minor
    return updated_at, -left, json.dumps(told, sort_keys=True, default=str)


def earliest(*instants: datetime | None) -> datetime | None:
    """Returns the earliest instant there is: what happened once stays, and happened when it was first so."""
    return min((each for each in instants if each is not None), default=None)


def given_back(*, total_minor: int, money: Iterable[int], goods: Iterable[int], current_total_minor: int | None) -> int:
    """Returns what of an order was given back, at most its total.

    It is the largest of three views of the same thing: money that went back, goods taken off by edits, and what the
    shop says is left of the total. They are not added, for the money of an edit follows the edit.
    """
    lacking = max(0, total_minor - current_total_minor) if current_total_minor is not None else 0
    return min(total_minor, max(sum(money), sum(goods), lacking))


def shares(*, total_minor: int, refunded_minor: int, money: Sequence[int]) -> list[int]:
    """Returns the parts that `refunded_minor` is made of: each refund of money, then what no money accounts for.

    Args:
        money: The refunds of money in the order they were made.
    """
    parts: list[int] = []
    left = min(refunded_minor, total_minor)
    for amount in money:
        parts.append(min(amount, left))
        left -= parts[-1]
    return [part for part in (*parts, left) if part > 0]
