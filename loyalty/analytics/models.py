"""What is stored of analytics: figures rolled up in days of the shop, so that no page adds up a ledger.

Every row can be counted again from what it was counted from; nothing here is the only copy of anything. Tests are left out.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty.ledger.days import MOVEMENTS
from loyalty.tenancy import TenantModel


class RollUp(TenantModel):
    """How far a programme's days are counted.

    `time_zone` is the one they were counted in. `through_day` is the last whole day that is counted; `whole_on` the day on
    which the members and orders of every day were last counted again. `owed` is the newest count of what is owed.
    """

    time_zone = models.CharField(max_length=64)
    first_day = models.DateField()
    through_day = models.DateField(null=True)
    whole_on = models.DateField(null=True)
    counted_at = models.DateTimeField(null=True)
    owed = models.ForeignKey("Liability", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program"], name="roll_up_one")]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.through_day}"


class Day(TenantModel):
    """One day of the shop. A span of days has no gaps.

    Points are whole and signed as the ledger's entries are, by their kind, adjustments apart by sign: together they are what
    the balances rose by. `new_members` joined that day and are members still. `orders` that count were placed that day;
    `revenue_minor` is theirs in the smallest unit of the shop's currency, what was given back since taken off; `rewarded_…`
    is the part of them on which a reward was used.
    """

    day = models.DateField()
    opened = models.BigIntegerField(default=0)
    accrued = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    reversed = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    redeemed = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    forgiven = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    cleaned = models.BigIntegerField(default=0)
    redemptions = models.PositiveIntegerField(default=0)
    new_members = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    rewarded_orders = models.PositiveIntegerField(default=0)
    rewarded_revenue_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "day"], name="analytics_day_once")]

    def __str__(self) -> str:
        return str(self.day)

    @property
    def moved(self) -> int:
        """What all its entries come to."""
        return sum(getattr(self, name) for name in MOVEMENTS)

    @property
    def issued(self) -> int:
        """Points awarded and points added by hand, 0 or more."""
        return self.accrued + self.added

    @property
    def spent(self) -> int:
        """Points redeemed, 0 or more."""
        return -self.redeemed


class Reach(TenantModel):
    """How many members did something on a day, by the day on which they last had before (`date.min`: never)."""

    class Doing(models.TextChoices):
        """What they did."""

        EARNED = "earned", _("Earned")
        SPENT = "spent", _("Spent")
        EITHER = "either", _("Earned or spent")

    doing = models.CharField(max_length=6, choices=Doing)
    day = models.DateField()
    previous_day = models.DateField()
    members = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "day", "doing", "previous_day"], name="reach_once"),
        ]

    def __str__(self) -> str:
        return f"{self.members} {self.doing} on {self.day}"


class Liability(TenantModel):
    """What the programme owed, counted from the lots, as last counted on a day: whole points.

    `ends`: the spendable ones by month, `[["2026-12-01", 100], [null, 50]]`; null is what has no end.
    """

    day = models.DateField()
    spendable = models.BigIntegerField()
    held = models.BigIntegerField()
    pending = models.BigIntegerField()
    ends = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "day"], name="liability_once_a_day")]

    def __str__(self) -> str:
        return f"{self.spendable} on {self.day}"

    @property
    def open(self) -> int:
        """Points that members can spend or are spending."""
        return self.spendable + self.held


class TierDay(TenantModel):
    """What members of one tier did on a day that is over: by the tier they stood on when the day was last counted.

    `tier_id` 0 is no tier. Points are whole and 0 or more: `issued` awarded and added by hand, `spent` redeemed. Money is in
    the smallest unit of the shop's currency, what was given back since taken off.
    """

    day = models.DateField()
    tier_id = models.BigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    issued = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "day", "tier_id"], name="tier_day_once")]

    def __str__(self) -> str:
        return f"{self.tier_id} on {self.day}"


class CampaignDay(TenantModel):
    """Points beyond the rules' own that a campaign gave on a day: as awards tell it, rejected ones left out.

    `campaign_id` is None for awards from before it was recorded: campaigns of one name share what those gave.
    """

    day = models.DateField()
    campaign_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    points = models.BigIntegerField()
    awards = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "day", "campaign_id", "name"], name="campaign_day_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}"


class PointWorth(TenantModel):
    """What a merchant says that 100 points are worth, in the smallest unit of `currency`: the shop's when they said so."""

    per_hundred_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program"], name="point_worth_one"),
            models.CheckConstraint(condition=models.Q(per_hundred_minor__gt=0), name="point_worth_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.per_hundred_minor} {self.currency} for 100"
