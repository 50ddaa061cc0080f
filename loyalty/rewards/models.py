"""What is stored of rewards: what points buy, and each purchase with its code."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.tenancy import TenantManager, TenantModel
from loyalty.tiers.models import Tier


class RewardQuerySet(models.QuerySet["Reward"]):
    """Sets of rewards."""

    def existing(self) -> RewardQuerySet:
        """Rewards that were not deleted."""
        return self.filter(deleted_at=None)


RewardManager = TenantManager.from_queryset(RewardQuerySet)


class Reward(TenantModel):
    """Something points buy. `discount_amount` is money, or percent for a percentage; null where the kind has no amount.

    One with a `points_cost` of 0 is only given, never bought. A flexible reward takes as many points as the buyer says,
    from `points_cost` to `max_points`, and gives `amount_per_point` for each, rounded down to the currency's smallest
    unit. `countries` are where free shipping goes (none is everywhere), `rest_of_world` adds those that the shop's shipping
    zones don't name. `applies_to_gids` are products or collections; for a free product they are what has to be bought with
    it. `period_limit` counts per customer in one `limit_period` of the shop's zone, `max_redemptions` per customer for ever,
    `total_limit` over all customers.
    """

    class DiscountType(models.TextChoices):
        """What it gives: a code, or credit on the customer's account in the shop."""

        FIXED_AMOUNT = "fixed_amount", _("Amount off")
        PERCENTAGE = "percentage", _("Percentage off")
        FREE_SHIPPING = "free_shipping", _("Free shipping")
        FREE_PRODUCT = "free_product", _("Free product")
        STORE_CREDIT = "store_credit", _("Store credit")

    class RewardType(models.TextChoices):
        """Who may buy it."""

        DISCOUNT = "discount", _("Everyone")
        TIER = "tier", _("Members of one tier")

    class RedemptionType(models.TextChoices):
        """Who decides how many points it costs."""

        FIXED = "fixed", _("A fixed number of points")
        FLEXIBLE = "flexible", _("As many points as the buyer likes")

    class AppliesTo(models.TextChoices):
        """What in the cart a code is for."""

        ALL = "all", _("Everything")
        PRODUCTS = "products", _("Certain products")
        COLLECTIONS = "collections", _("Certain collections")

    class PurchaseType(models.TextChoices):
        """Which purchases a code is for."""

        ONE_TIME = "one_time", _("One-time purchases")
        SUBSCRIPTION = "subscription", _("Subscriptions")
        BOTH = "both", _("Both")

    class LimitPeriod(models.TextChoices):
        """The period in which `period_limit` counts, in the shop's time zone; a week begins on Monday."""

        DAY = "day", _("per day")
        WEEK = "week", _("per week")
        MONTH = "month", _("per month")
        YEAR = "year", _("per year")

    public_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    discount_type = models.CharField(max_length=20, choices=DiscountType)
    reward_type = models.CharField(max_length=10, choices=RewardType, default=RewardType.DISCOUNT)
    points_cost = models.PositiveIntegerField()
    discount_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    redemption_type = models.CharField(max_length=10, choices=RedemptionType, default=RedemptionType.FIXED)
    amount_per_point = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    max_points = models.PositiveIntegerField(null=True, blank=True)
    maximum_shipping = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    rest_of_world = models.BooleanField(default=False)
    variant_gids = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    minimum_spend = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    applies_to = models.CharField(max_length=11, choices=AppliesTo, default=AppliesTo.ALL)
    applies_to_gids = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    purchase_type = models.CharField(max_length=12, choices=PurchaseType, default=PurchaseType.ONE_TIME)
    combines_with_product = models.BooleanField(default=False)
    combines_with_order = models.BooleanField(default=False)
    combines_with_shipping = models.BooleanField(default=False)
    max_redemptions = models.PositiveIntegerField(null=True, blank=True)
    total_limit = models.PositiveIntegerField(null=True, blank=True)
    period_limit = models.PositiveIntegerField(null=True, blank=True)
    limit_period = models.CharField(max_length=5, choices=LimitPeriod, blank=True, default="")
    expiry_days = models.PositiveIntegerField(null=True, blank=True)
    reactivates_on_refund = models.BooleanField(default=False)
    tier = models.ForeignKey(Tier, null=True, blank=True, on_delete=models.PROTECT, related_name="rewards")
    tier_and_above = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[RewardManager[Self]] = RewardManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="reward_public_id_unique"),
            models.CheckConstraint(
                condition=Q(reward_type="tier", tier__isnull=False) | Q(reward_type="discount", tier=None),
                name="reward_tier_matches_type",
            ),
            models.CheckConstraint(
                condition=Q(redemption_type="flexible", amount_per_point__isnull=False, max_points__isnull=False)
                | Q(redemption_type="fixed", amount_per_point=None, max_points=None),
                name="reward_flexible_has_its_rate",
            ),
            models.CheckConstraint(
                condition=Q(period_limit=None, limit_period="") | (Q(period_limit__gt=0) & ~Q(limit_period="")),
                name="reward_period_limit_has_its_period",
            ),
        ]
        indexes = [models.Index(fields=["program", "-created_at", "-id"], name="reward_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_flexible(self) -> bool:
        """Whether the buyer says how many points it costs."""
        return self.redemption_type == self.RedemptionType.FLEXIBLE

    @property
    def is_for_sale(self) -> bool:
        """Whether points buy it; else it is only given, by a tier or a referral."""
        return self.points_cost > 0

    def is_offered(self, *, now: datetime) -> bool:
        """Whether it can be had at all: switched on, and within its dates (the end is the first instant after)."""
        begun = self.starts_at is None or self.starts_at <= now
        return self.is_active and begun and (self.ends_at is None or now < self.ends_at)


class EntryReward(TenantModel):
    """What a tier gives to a member who rises to it for the first time."""

    tier = models.OneToOneField(Tier, primary_key=True, on_delete=models.CASCADE, related_name="entry_reward")
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="given_by_tiers")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reward_id} on {self.tier_id}"


class Redemption(TenantModel):
    """One reward of one member, bought with points or given for nothing, with the terms of that moment.

    `holding` → `active` (the code exists) or `failed` (released; the code is deleted until Shopify confirms);
    `active` → `used` or `expired`; `used` → `active` when its order is undone and the code may be used again.
    `entry` took the points, at `captured_at`. `is_refunded`: they went back. `undone_order_ids` are cancelled or refunded
    orders that were acted on. `is_test`: a test customer has it from while shadow test mode was on.

    One that is given for nothing has an `occurrence`, what it was given for, and no hold. Nobody waits for it: `deadline_at`
    is the present attempt's, and a failed one may be tried again.
    """

    class State(models.TextChoices):
        """Where a redemption stands."""

        HOLDING = "holding", _("Being issued")
        ACTIVE = "active", _("Active")
        USED = "used", _("Used")
        EXPIRED = "expired", _("Expired")
        FAILED = "failed", _("Failed")

    class Credit(models.TextChoices):
        """How far a store credit has come; `sent` may have been done in the shop, `unclear` is for the merchant to say."""

        CLAIMED = "claimed", _("About to be sent")
        SENT = "sent", _("Sent")
        UNCLEAR = "unclear", _("Unclear")
        DONE = "done", _("Done")

    class FollowUp(models.TextChoices):
        """What is still to be done in the shop; nothing is empty."""

        ISSUE = "issue", _("Make the code or give the credit of a free reward")
        RECHECK = "recheck", _("See whether the shop gave the use of the code back")
        REISSUE = "reissue", _("Make the code work again")
        RETURN_POINTS = "return_points", _("Remove the code, then return the points")
        REFUND = "refund", _("Remove the code if it was not used, then return the points")

    public_id = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="redemptions", db_index=False)
    reward = models.ForeignKey(Reward, null=True, on_delete=models.SET_NULL, related_name="redemptions")
    hold_id = models.BigIntegerField(null=True)
    entry = models.ForeignKey(Entry, models.DO_NOTHING, "spent_on", null=True, db_constraint=False, db_index=False)
    captured_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.HOLDING)
    points_spent = models.BigIntegerField()
    terms = models.JSONField(default=dict)
    code = models.CharField(max_length=255, null=True)
    discount_gid = models.CharField(max_length=100, null=True)
    idempotency_key = models.CharField(max_length=320, null=True)
    occurrence = models.CharField(max_length=250, null=True)
    fingerprint = models.CharField(max_length=320, default="")
    failure = models.CharField(max_length=300, blank=True, default="")
    is_refunded = models.BooleanField(default=False)
    is_test = models.BooleanField(default=False, db_default=False)
    refunded_by = models.CharField(max_length=200, blank=True, default="")
    deadline_at = models.DateTimeField(null=True)
    code_needs_removal = models.BooleanField(default=False)
    removal_attempts = models.PositiveIntegerField(default=0)
    next_removal_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    order_id = models.BigIntegerField(null=True)
    order_number = models.CharField(max_length=40, null=True)
    ordered_at = models.DateTimeField(null=True)
    credit_state = models.CharField(max_length=10, choices=Credit, blank=True, default="")
    credit_known = models.JSONField(default=list)
    undone_order_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    follow_up = models.CharField(max_length=15, choices=FollowUp, blank=True, default="")
    follow_up_attempts = models.PositiveIntegerField(default=0)
    next_follow_up_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="redemption_public_id_unique"),
            models.UniqueConstraint(
                fields=["program", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="redemption_once_per_key",
            ),
            models.UniqueConstraint(
                fields=["member", "occurrence"],
                condition=Q(occurrence__isnull=False),
                name="redemption_once_per_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(occurrence=None) | Q(hold_id=None, points_spent=0), name="redemption_free_costs_nothing"
            ),
            models.UniqueConstraint(
                fields=["program", "code"], condition=Q(code__isnull=False), name="redemption_code_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-created_at", "-id"], name="redemption_by_member"),
            models.Index(fields=["deadline_at"], name="redemption_holding", condition=Q(state="holding")),
            models.Index(fields=["deadline_at"], name="redemption_to_settle", condition=Q(credit_state="sent")),
            models.Index(fields=["next_removal_at"], name="redemption_to_remove", condition=Q(code_needs_removal=True)),
            models.Index(fields=["program", "-created_at", "-id"], name="redemption_newest"),
            models.Index(
                fields=["program", "order_id"], name="redemption_by_order", condition=Q(order_id__isnull=False)
            ),
            models.Index(fields=["next_follow_up_at"], name="redemption_to_follow", condition=~Q(follow_up="")),
            models.Index(fields=["program", "expires_at"], name="redemption_ending", condition=Q(state="active")),
            models.Index(fields=["program", "member"], name="redemption_tests", condition=Q(is_test=True)),
            models.Index(fields=["reward", "-captured_at"], name="redemption_by_reward", condition=~Q(entry=None)),
            models.Index(fields=["entry"], name="redemption_by_entry", condition=~Q(entry=None)),
            models.Index(
                fields=["program", "-created_at", "-id"],
                name="redemption_open",
                condition=Q(state__in=["holding", "failed"]) | ~Q(follow_up=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def is_free(self) -> bool:
        """Whether it was given for nothing."""
        return self.occurrence is not None

    def state_at(self, now: datetime) -> str:
        """Returns the state, where an active code past its end is expired whether or not a job has said so."""
        over = self.expires_at is not None and self.expires_at <= now
        return self.State.EXPIRED if self.state == self.State.ACTIVE and over else self.state
