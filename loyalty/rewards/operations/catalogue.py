"""What may happen to rewards: merchants make them, change them and switch them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from loyalty.errors import InvalidField
from loyalty.money import exponent
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.rewards.errors import RewardNotFound
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier

MAX_AMOUNT = Decimal(1_000_000)
MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class RewardTerms:
    """What a merchant decides about a reward. Codes already issued keep the terms they were bought under.

    Attributes:
        points_cost: Whole points, 1 or more.
        discount_amount: Money in the shop's currency, or percent (more than 0, at most 100); None for free shipping.
        minimum_spend: Smallest subtotal in the shop's currency; None is any.
        max_redemptions: Times one customer may buy it; None is any number.
        expiry_days: Days a code works, counted in days of the shop; None is for ever.
        tier: Only members on this tier may buy it; None is everybody.
    """

    name: str
    discount_type: str
    points_cost: int
    discount_amount: Decimal | None = None
    minimum_spend: Decimal | None = None
    max_redemptions: int | None = None
    expiry_days: int | None = None
    tier: Tier | None = None
    description: str | None = None
    is_active: bool = True


@transaction.atomic
def create_reward(*, program: Program, terms: RewardTerms, now: datetime) -> Reward:
    """Adds a reward.

    Raises:
        InvalidField: A term breaks a rule; the field is named.
    """
    _check(terms, program.currency)
    reward: Reward = Reward.objects.create(
        program=program, public_id=new_public_id("reward"), created_at=now, updated_at=now, **_columns(terms)
    )
    return reward


@transaction.atomic
def change_reward(*, public_id: str, terms: RewardTerms, now: datetime) -> Reward:
    """Changes a reward for codes to come.

    Raises:
        RewardNotFound: No such reward.
        InvalidField: A term breaks a rule; the field is named.
    """
    reward = _locked(public_id)
    _check(terms, Program.objects.get(pk=reward.program_id).currency)
    for column, value in _columns(terms).items():
        setattr(reward, column, value)
    reward.version += 1
    reward.updated_at = now
    reward.save()
    return reward


@transaction.atomic
def switch_reward(*, public_id: str, on: bool, now: datetime) -> Reward:
    """Turns a reward on or off; codes already issued keep working. Already so is no change.

    Raises:
        RewardNotFound: No such reward.
    """
    reward = _locked(public_id)
    if reward.is_active != on:
        reward.is_active, reward.updated_at = on, now
        reward.version += 1
        reward.save()
    return reward


@transaction.atomic
def delete_reward(*, public_id: str, now: datetime) -> None:
    """Removes a reward from every list; what was bought stays.

    Raises:
        RewardNotFound: No such reward.
    """
    reward = _locked(public_id)
    reward.is_active, reward.deleted_at, reward.updated_at = False, now, now
    reward.save()


def _locked(public_id: str) -> Reward:
    reward: Reward | None = Reward.objects.existing().select_for_update().filter(public_id=public_id).first()
    if reward is None:
        raise RewardNotFound(public_id)
    return reward


def _columns(terms: RewardTerms) -> dict[str, object]:
    free_shipping = terms.discount_type == Reward.DiscountType.FREE_SHIPPING
    return {
        "name": terms.name.strip(),
        "description": terms.description or None,
        "discount_type": terms.discount_type,
        "reward_type": Reward.RewardType.TIER if terms.tier else Reward.RewardType.DISCOUNT,
        "points_cost": terms.points_cost,
        "discount_amount": None if free_shipping else terms.discount_amount,
        "minimum_spend": terms.minimum_spend or None,
        "max_redemptions": terms.max_redemptions,
        "expiry_days": terms.expiry_days,
        "tier": terms.tier,
        "is_active": terms.is_active,
    }


def _check(terms: RewardTerms, currency: str) -> None:
    if not terms.name.strip():
        raise InvalidField("name", "Give the reward a name")
    if terms.discount_type not in Reward.DiscountType.values:
        raise InvalidField("discount_type", "Choose what the code gives")
    if not 1 <= terms.points_cost <= MAX_POINTS:
        raise InvalidField("points_cost", f"A reward costs between 1 and {MAX_POINTS:,} points")
    amount = terms.discount_amount
    if terms.discount_type == Reward.DiscountType.PERCENTAGE and not (amount and 0 < amount <= 100):
        raise InvalidField("discount_amount", "Percent must be more than 0 and at most 100")
    if terms.discount_type == Reward.DiscountType.FIXED_AMOUNT:
        _check_money("discount_amount", amount or Decimal(0), currency)
    if terms.minimum_spend:
        _check_money("minimum_spend", terms.minimum_spend, currency)
    if terms.max_redemptions is not None and terms.max_redemptions < 1:
        raise InvalidField("max_redemptions", "The limit per customer must be at least 1, or empty for no limit")
    if terms.expiry_days is not None and not 1 <= terms.expiry_days <= MAX_DAYS:
        raise InvalidField("expiry_days", f"Codes work between 1 and {MAX_DAYS:,} days; leave it empty for ever")


def _check_money(field: str, amount: Decimal, currency: str) -> None:
    if not 0 < amount <= MAX_AMOUNT:
        raise InvalidField(field, f"The amount must be more than 0 and at most {MAX_AMOUNT:,} {currency}")
    if amount != round(amount, exponent(currency)):
        raise InvalidField(field, f"{currency} amounts have at most {exponent(currency)} decimal places")
