"""What is stored of campaigns: dated modifiers of earning rules, half-open in time."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty.tenancy import TenantModel


class Campaign(TenantModel):
    """A period in which named earning rules give more. It is active at `t` when starts_at ≤ t < ends_at.

    Empty audiences are everybody. Products, collections and product tags are what it is for, any of the three naming a line
    being enough; all empty is everything. `budget_points` is how many whole points beyond the rules' own it
    may give in all (null is any number), `spent_points` what it has given: awards never take it past the budget.
    """

    public_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    tier_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    customer_tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    product_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    collection_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    product_tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    budget_points = models.PositiveBigIntegerField(null=True, blank=True)
    spent_points = models.PositiveBigIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="campaign_public_id_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="campaign_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(budget_points=None) | models.Q(spent_points__lte=models.F("budget_points")),
                name="campaign_within_budget",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignModifier(TenantModel):
    """What a campaign does to one earning rule. The rule is kept by its number: `earning` lies above this noun."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="modifiers")
    earning_rule_id = models.BigIntegerField()
    multiplier = models.DecimalField(max_digits=7, decimal_places=3, default=Decimal(1))
    extra_points = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "earning_rule_id"], name="campaign_modifier_once_per_rule"),
            models.CheckConstraint(condition=models.Q(multiplier__gte=0), name="campaign_multiplier_not_negative"),
        ]
        indexes = [models.Index(fields=["program", "earning_rule_id"], name="campaign_modifier_by_rule")]

    def __str__(self) -> str:
        return f"×{self.multiplier} on rule {self.earning_rule_id}"
