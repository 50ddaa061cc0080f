"""What points are worth in money: as much as the cheapest reward of a fixed amount gives for its points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q

from loyalty.money import exponent
from loyalty.rewards.models import Reward
from loyalty.rewards.queries import rewards


@dataclass(frozen=True, slots=True)
class Worth:
    """The reward that says what points are worth: `amount` of `currency` for `points` (1 or more)."""

    reward: str
    amount: Decimal
    points: int
    currency: str

    def of(self, points: int) -> Decimal:
        """Returns what points are worth, rounded half up to the currency's smallest unit; less than none is less than 0."""
        unit = Decimal(1).scaleb(-exponent(self.currency))
        return (self.amount * points / self.points).quantize(unit, rounding=ROUND_HALF_UP)


def worth_of_points(*, currency: str, now: datetime) -> Worth | None:
    """Returns what points are worth in the programme in scope; None without a reward that says it.

    Asked is the reward everybody may buy at `now` that costs least: an amount off, or store credit, of a fixed amount for a
    fixed number of points.
    """
    kinds = [Reward.DiscountType.FIXED_AMOUNT, Reward.DiscountType.STORE_CREDIT]
    offered = rewards().filter(
        Q(starts_at=None) | Q(starts_at__lte=now), Q(ends_at=None) | Q(ends_at__gt=now), is_active=True,
        discount_type__in=kinds, redemption_type=Reward.RedemptionType.FIXED, reward_type=Reward.RewardType.DISCOUNT,
        points_cost__gt=0, discount_amount__isnull=False,
    )  # fmt: skip
    found = offered.order_by("points_cost", "pk").first()
    if found is None or found.discount_amount is None:
        return None
    return Worth(found.name, found.discount_amount, found.points_cost, currency)
