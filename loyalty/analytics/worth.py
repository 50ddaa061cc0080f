"""What a point is worth in money: what the merchant says, else what follows from what their points buy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from loyalty.money import exponent
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Reward
from loyalty.rewards.terms import WITH_AMOUNT


@dataclass(frozen=True, slots=True)
class Worth:
    """The worth of a point and the reward it follows from; no reward where the merchant said it.

    Attributes:
        per_point: Of the currency's smallest unit, more than 0.
    """

    per_point: Fraction
    reward_name: str = ""
    reward_id: str = ""

    @property
    def is_said(self) -> bool:
        """Whether the merchant said it."""
        return not self.reward_id

    def of(self, points: int) -> int:
        """Returns what points are worth in the smallest unit, rounded down."""
        return int(points * self.per_point)


def worth_of_a_point(*, program: Program, said: int | None, now: datetime) -> Worth | None:
    """Returns what a point is worth, or None while points buy no money.

    What the merchant said of 100 points (`Counted.said_worth`), else the rate of the reward for money that takes the
    fewest points, of those that everybody can have now: the first that a member's points would buy. Percentages,
    shipping and products have no worth of their own.
    """
    if said is not None:
        return Worth(Fraction(said, 100))
    found = rewards.rewards().filter(
        discount_type__in=WITH_AMOUNT, reward_type=Reward.RewardType.DISCOUNT, is_active=True, points_cost__gt=0
    )
    offered = [each for each in found.order_by("points_cost", "pk") if each.is_offered(now=now)]
    return next((worth for each in offered if (worth := _of(each, program.currency)) is not None), None)


def _of(reward: Reward, currency: str) -> Worth | None:
    # The rate of a flexible reward is finer than the currency; an amount never is.
    amount = reward.amount_per_point if reward.is_flexible else reward.discount_amount
    rate = Fraction(amount or 0) * 10 ** exponent(currency) / (1 if reward.is_flexible else reward.points_cost)
    return Worth(rate, reward.name, reward.public_id) if rate > 0 else None
