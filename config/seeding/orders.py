"""A seeded customer's order: a real one, whose points are a lot of their own, so that a refund finds them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyalty.ledger.operations import accrue, adjust
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.money import to_minor
from loyalty.orders.facts import OrderFacts
from loyalty.orders.operations import note_judged, record_order

if TYPE_CHECKING:
    from config.seeding.shops import Seeded


def bring_points(
    seeded: Seeded, member: Member, *, points: int, balance: int, counts_lifetime: bool, at: datetime
) -> int | None:
    """Grants an order's points as an entry of their own, and takes off what is not in the stated balance any more.

    Args:
        balance: The stated spendable points, in which the order's are contained as far as they are not spent.
        counts_lifetime: Whether the stated lifetime points contain them.

    Returns:
        The entry; None for an order without points.
    """
    if points == 0:
        return None
    program_id, account_id = seeded.program.pk, account_id_of(member_id=member.pk)
    posting = accrue(
        program_id=program_id, account_id=account_id, key=f"seeded-order:{member.pk}", points=points, source="seed",
        counts_lifetime=counts_lifetime, now=at,
    )  # fmt: skip
    if points > balance:
        adjust(
            program_id=program_id, account_id=account_id, key=f"seeded-spent:{member.pk}", points=balance - points,
            source="seed", update_lifetime=False, now=at,
        )  # fmt: skip
    return posting.entry_id


def bring_order(seeded: Seeded, member: Member, given: dict[str, Any], at: datetime) -> None:
    """Stores the order as paid; no rule is asked about it any more, for what it earned is stated."""
    order = record_order(
        program=seeded.program,
        told=OrderFacts(
            shopify_order_id=int(given["id"]),
            shopify_customer_id=member.shopify_customer_id,
            name=str(given.get("number") or ""),
            currency=seeded.program.currency,
            total_minor=to_minor(Decimal(str(given.get("total") or 0)), seeded.program.currency),
            placed_at=at,
            shopify_updated_at=at,
            paid_at=at,
        ),
        now=at,
    )
    for rule in seeded.rules.values():
        if rule.action == "place_order":
            note_judged(order=order, rule_id=rule.pk)
