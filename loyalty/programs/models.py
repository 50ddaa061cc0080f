"""What is stored of a programme: its settings, and the keys that open its API."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty.tenancy import TenantModel


def main_language() -> list[str]:
    """Returns what a new programme's customers read."""
    return ["en"]


class Program(models.Model):
    """A merchant's loyalty programme: the tenant every other row belongs to.

    `languages` are those of texts that customers read (`languages.py`); the first is for whose own is none of them.
    """

    class TierEntry(models.TextChoices):
        """What qualifies for a tier."""

        POINTS = "points", _("Points earned")
        SPEND = "spend", _("Amount spent")
        PURCHASES = "purchases", _("Number of orders")

    class MultiplierScope(models.TextChoices):
        """Which awards a tier's multiplier applies to."""

        ALL = "all", _("All earning rules")
        PURCHASES = "purchases", _("Purchases only")

    class TestMode(models.TextChoices):
        """Who earns while the programme is tried out (programme-rules facts, section 7)."""

        OFF = "off", _("Off")
        SHADOW = "shadow", _("Listed members try it out, everybody else goes on")
        RESTRICT = "restrict", _("Only listed customers earn")

    class RefundPolicy(models.TextChoices):
        """What happens to points that were spent before their order was refunded."""

        FLOOR = "floor", _("Stop at zero")
        DEBT = "debt", _("Record a debt")
        BLOCK = "block", _("Record a debt and suspend redeeming")

    class ExpiryModel(models.TextChoices):
        """When points end."""

        FIXED = "fixed", _("A number of days after they became available")
        INACTIVITY = "inactivity", _("A number of days without earning or spending")

    class TierPeriod(models.TextChoices):
        """Which figures qualify for a tier."""

        LIFETIME = "lifetime", _("Since the member joined")
        CALENDAR_YEAR = "calendar_year", _("In the calendar year")
        ROLLING_YEAR = "rolling_year", _("In the last 365 days")

    class CodesOnRefund(models.TextChoices):
        """What becomes of a reward that was used on an order which is refunded in full or cancelled."""

        KEEP = "keep", _("Nothing")
        REACTIVATE = "reactivate", _("The code works again")
        RETURN_POINTS = "return_points", _("The points come back")

    class Plan(models.TextChoices):
        """What the shop pays for; features are read from `loyalty.programs.plans`."""

        SELF_HOSTED = "self_hosted", _("Self-hosted")
        STARTER = "starter", _("Starter")
        GROWTH = "growth", _("Growth")
        NONE = "none", _("No plan")

    name = models.CharField(max_length=200)
    shopify_domain = models.CharField(max_length=255, unique=True)
    storefront_url = models.URLField(max_length=500, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    time_zone = models.CharField(max_length=64, default="UTC")
    plan = models.CharField(max_length=20, choices=Plan, default=Plan.SELF_HOSTED)
    is_enabled = models.BooleanField(default=True)
    is_installed = models.BooleanField(default=True)
    points_expiry_enabled = models.BooleanField(default=False)
    points_expiry_days = models.PositiveIntegerField(default=365)
    refund_policy = models.CharField(max_length=10, choices=RefundPolicy, default=RefundPolicy.FLOOR)
    tier_entry = models.CharField(max_length=10, choices=TierEntry, default=TierEntry.POINTS)
    expiry_model = models.CharField(max_length=10, choices=ExpiryModel, default=ExpiryModel.FIXED)
    codes_on_refund = models.CharField(max_length=15, choices=CodesOnRefund, default=CodesOnRefund.KEEP)
    tier_period = models.CharField(max_length=15, choices=TierPeriod, default=TierPeriod.LIFETIME)
    tier_grace_days = models.PositiveIntegerField(default=0)
    birthday_notice_days = models.PositiveIntegerField(default=30)
    excluded_tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    enrols_on_order = models.BooleanField(default=False)
    tier_multiplier_scope = models.CharField(max_length=10, choices=MultiplierScope, default=MultiplierScope.ALL)
    test_mode = models.CharField(max_length=10, choices=TestMode, default=TestMode.OFF)
    test_mode_emails = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    sends_test_events = models.BooleanField(default=False, db_default=False)
    code_prefix = models.CharField(max_length=20, default="ENCORE-", blank=True)
    writes_mage_metafields = models.BooleanField(default=False, db_default=False)
    writes_tier_tags = models.BooleanField(default=False, db_default=False)
    languages = ArrayField(models.CharField(max_length=10), default=main_language)
    point_name = models.CharField(max_length=30, blank=True, default="", db_default="")
    points_name = models.CharField(max_length=30, blank=True, default="", db_default="")
    dismissed_hints = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone, in which its days begin and end."""
        return ZoneInfo(self.time_zone)

    @property
    def handle(self) -> str:
        """The shop's domain without `.myshopify.com`."""
        return self.shopify_domain.removesuffix(".myshopify.com")

    @property
    def expiry_days(self) -> int | None:
        """Days a point lives once it is available; `None` when it has no end of its own (off, 0 days, by inactivity)."""
        is_fixed = self.expiry_model == self.ExpiryModel.FIXED
        return (self.points_expiry_days or None) if self.points_expiry_enabled and is_fixed else None

    @property
    def inactivity_days(self) -> int | None:
        """Days without earning or spending after which all points end; `None` when they do not end so."""
        is_so = self.expiry_model == self.ExpiryModel.INACTIVITY
        return (self.points_expiry_days or None) if self.points_expiry_enabled and is_so else None

    def in_points(self, points: int) -> str:
        """A number of points as customers of the shop read it: "1 bean", "1,200 beans"; "points" where they have no name."""
        return f"{points:,} {(self.point_name or 'point') if points == 1 else (self.points_name or 'points')}"

    def is_open_to(self, email: str | None) -> bool:
        """Whether who has this address takes part: everybody, unless only listed customers do (`test_mode`)."""
        return self.test_mode != self.TestMode.RESTRICT or (email or "") in self.test_mode_emails

    @property
    def storefront(self) -> str:
        """The address customers know the shop by, without a trailing slash."""
        return (self.storefront_url or f"https://{self.shopify_domain}").rstrip("/")


class ApiKey(TenantModel):
    """A key to the REST API. The secret itself is never stored: `secret_hash` is its SHA-256."""

    class Scope(models.TextChoices):
        """What a key may do."""

        FULL = "full", _("Full access")
        READ_ONLY = "read_only", _("Read only")

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.FULL)
    may_set_points = models.BooleanField(default=False)
    requests_per_second = models.PositiveIntegerField(default=6)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program", "-created_at"], name="api_key_newest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(requests_per_second__gte=6), name="api_key_rate_at_least_six"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, *, now: datetime) -> bool:
        """Whether the key is neither revoked nor past its end."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def opens_with(self, secret: bytes) -> bool:
        """Whether `secret` (the whole key as bytes) is this key's, compared in constant time."""
        return hmac.compare_digest(hashlib.sha256(secret).digest(), bytes(self.secret_hash))


class ScheduledRun(TenantModel):
    """One run of a scheduled job in one shop: when, how much, how far, and what went wrong (`scheduling`).

    `leased_until` and `claims` say which worker has it, or until when it rests; an open run is one without `finished_at`.
    `terms` is what somebody has asked for, where the job's name does not say it all.
    """

    name = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    terms = models.JSONField(default=dict, db_default={})
    counts = models.JSONField(default=dict)
    cursor = models.CharField(max_length=100, blank=True, default="")
    error = models.CharField(max_length=500, blank=True, default="")
    leased_until = models.DateTimeField()
    claims = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "name"], condition=models.Q(finished_at=None), name="scheduled_run_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "name", "-started_at"], name="scheduled_run_newest"),
            models.Index(
                fields=["finished_at"], name="scheduled_run_old", condition=models.Q(finished_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.started_at:%Y-%m-%d %H:%M}"
