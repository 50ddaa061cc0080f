"""Filling a seeded shop with members whose stated balances are final. Nothing is announced."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.seeding.orders import bring_order, bring_points
from config.seeding.setups import moment
from loyalty.earning.models import Award
from loyalty.ledger.operations import OpeningLot, bring_balance, open_account
from loyalty.members.models import Member
from loyalty.members.operations import create_member
from loyalty.members.ports import Customer
from loyalty.public_ids import new_public_id
from loyalty.rewards.models import Redemption
from loyalty.tiers.models import TierMembership

if TYPE_CHECKING:
    from config.seeding.shops import Seeded


def fill(seeded: Seeded, customers: list[dict[str, Any]]) -> None:
    """Makes every customer a member, created one second apart in the listed order."""
    begin = seeded.now - timedelta(seconds=len(customers) + 60)
    for number, given in enumerate(customers):
        _member(seeded, given, begin + timedelta(seconds=number))


def _member(seeded: Seeded, given: dict[str, Any], at: datetime) -> None:
    customer = Customer(
        shopify_customer_id=int(given["shopify_customer_id"]),
        email=given.get("email"),
        first_name=given.get("first_name"),
        last_name=given.get("last_name"),
        created_at=at,
    )
    member, _ = create_member(program=seeded.program, customer=customer, now=at)
    account = open_account(member=member, now=at)
    balance = int(given.get("current_points", 0))
    lifetime, order = int(given.get("lifetime_points", balance)), given.get("order")
    # Stated lots say how the whole balance is made up: then the order's points are somewhere in them.
    earned = int(order["points"]) if order and not given.get("lots") else 0
    opening, counts_lifetime = max(0, balance - earned), lifetime >= earned
    lots = [
        OpeningLot(int(lot["points"]), moment(lot.get("earned_at")) or at, moment(lot.get("expires_at")))
        for lot in given.get("lots", [])
    ] or ([OpeningLot(opening, at)] if opening else [])
    if sum(lot.points for lot in lots) != opening:
        raise ValueError(f"The lots of customer {customer.shopify_customer_id} do not add up to {balance}.")
    posting = bring_balance(
        account_id=account.pk, lots=lots, lifetime=lifetime - earned if counts_lifetime else lifetime,
        redeemed=int(given.get("redeemed_points", 0)), key=f"opening:{member.pk}", now=at,
    )  # fmt: skip
    if given.get("tier"):
        tier = seeded.tiers[given["tier"]]
        TierMembership.objects.create(program=seeded.program, member=member, tier=tier, reached_at=at)
    born = moment(given.get("date_of_birth"))
    Member.objects.filter(pk=member.pk).update(
        status=given.get("loyalty_status", "member"), date_of_birth=born.date() if born else None
    )
    if order:
        entry_id = bring_points(seeded, member, points=earned, balance=balance, counts_lifetime=counts_lifetime, at=at)
        bring_order(seeded, member, order, at)
        rule_id = next((key for key, rule in seeded.rules.items() if rule.action == "place_order"), "")
        line = {
            "action": "place_order", "points": order["points"], "status": "approved", "order_id": order["id"],
            "order_number": order.get("number"), "total": order.get("total"), "earning_rule_id": rule_id,
        }  # fmt: skip
        _earning_line(seeded, member, line, at, entry_id=entry_id or posting.entry_id)
    for line in given.get("earning_history", []):
        _earning_line(seeded, member, line, at)
    for line in given.get("reward_history", []):
        _reward_line(seeded, member, line, at)


def _earning_line(
    seeded: Seeded, member: Member, line: dict[str, Any], at: datetime, *, entry_id: int | None = None
) -> None:
    """Writes a line of history beside the balance: no entry stands behind it, but for an order's."""
    created = moment(line.get("created_at")) or at
    rule = seeded.rules.get(line.get("earning_rule_id", ""))
    approved = line.get("status", "approved") == "approved"
    award = Award.objects.create(
        program=seeded.program, public_id=new_public_id("cer"), member=member, rule=rule, entry_id=entry_id,
        rule_version=rule.version if rule else None, action=line["action"], status=line.get("status", "approved"),
        points=int(line["points"]), base_points=Decimal(str(line.get("base_points", line["points"]))),
        multiplier=Decimal(str(line.get("points_multiplier", 1))), source="seed",
        order_id=int(line["order_id"]) if line.get("order_id") else None, order_number=line.get("order_number"),
        ordered_at=created if line.get("order_id") else None, due_at=moment(line.get("points_due_at")),
        given_at=moment(line.get("points_given_at")) or (created if approved else None),
        metadata={"total": str(line["total"])} if line.get("total") is not None else None,
        created_at=created, updated_at=created,
    )  # fmt: skip
    if "id" in line:
        seeded.ids[line["id"]] = award.public_id


def _reward_line(seeded: Seeded, member: Member, line: dict[str, Any], at: datetime) -> None:
    created = moment(line.get("created_at")) or at
    reward = seeded.rewards.get(line.get("reward_id", ""))
    state = line.get("status", "active")
    row = Redemption.objects.create(
        program=seeded.program, public_id=new_public_id("cr"), member=member, reward=reward, state=state,
        points_spent=int(line["points_spent"]), code=line.get("discount_code"),
        terms={
            "reward_name": reward.name if reward else "", "reward_number": reward.pk if reward else 0,
            "discount_type": reward.discount_type if reward else "fixed_amount",
        },
        used_at=created if state == "used" else None, ordered_at=created if state == "used" else None,
        created_at=created, updated_at=created,
    )  # fmt: skip
    if "id" in line:
        seeded.ids[line["id"]] = row.public_id
