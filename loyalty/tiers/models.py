"""What is stored of VIP tiers: the ladder, and where each member stands."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models.functions import Lower

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel


class Tier(TenantModel):
    """A step of the ladder. The base tier has threshold 0; thresholds are in the unit of the programme's `tier_entry`.

    `entry_points` are given to a member who rises to it for the first time.
    """

    public_id = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    description = models.TextField(null=True, blank=True)
    threshold = models.PositiveBigIntegerField()
    multiplier = models.DecimalField(max_digits=7, decimal_places=3, default=Decimal(1))
    entry_points = models.PositiveIntegerField(default=0)
    badge_image_url = models.URLField(max_length=500, null=True, blank=True)
    badge_color = models.CharField(max_length=7, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="tier_public_id_unique"),
            models.UniqueConstraint(fields=["program", "threshold"], name="tier_threshold_unique"),
            models.UniqueConstraint("program", Lower("name"), name="tier_name_unique"),
            models.CheckConstraint(condition=models.Q(multiplier__gte=0), name="tier_multiplier_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class TierMembership(TenantModel):
    """Where a member stands on the ladder. `is_locked` stops automatic recalculation.

    `falls_at` is the instant from which they may fall, if their figure does not suffice by then; None while nothing is set.
    """

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE, related_name="tier_membership")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="memberships")
    is_locked = models.BooleanField(default=False)
    reached_at = models.DateTimeField()
    falls_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["program", "tier"], name="tier_membership_by_tier")]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.tier_id}"


class StandingBeforeTest(TenantModel):
    """Where a test customer stood before their test began; the clean-up puts them back there. No tier is nowhere."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE, related_name="+")
    tier = models.ForeignKey(Tier, null=True, on_delete=models.SET_NULL, related_name="+")
    is_locked = models.BooleanField(default=False)
    reached_at = models.DateTimeField(null=True)
    falls_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.member_id} before the test"


class TierEntryGrant(TenantModel):
    """That a member was given a tier's entry points: once for ever, also after a fall and a return.

    One that was given in a test is forgotten by the clean-up.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tier_entry_grants", db_index=False)
    tier = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="entry_grants")
    points = models.PositiveIntegerField()
    is_test = models.BooleanField(default=False, db_default=False)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "tier"], name="tier_entry_granted_once")]

    def __str__(self) -> str:
        return f"{self.points} to {self.member_id} for {self.tier_id}"
