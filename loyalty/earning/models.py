"""What is stored of earning: rules, the old keys of custom actions, awards, and calls that awarded nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.earning.kinds import Category
from loyalty.earning.limits import Limit, Window
from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.tenancy import TenantManager, TenantModel

WINDOWS = [(window.value, window.value) for window in Window]


class EarningRuleQuerySet(models.QuerySet["EarningRule"]):
    """Sets of earning rules."""

    def existing(self) -> EarningRuleQuerySet:
        """Rules that were not deleted."""
        return self.filter(deleted_at=None)


EarningRuleManager = TenantManager.from_queryset(EarningRuleQuerySet)


class EarningRule(TenantModel):
    """A way to earn. A custom action is a rule whose `action` is `custom`; its pk is the numeric action id.

    `options` holds the fields its kind declares (loyalty/earning/kinds). A rule that earns every time may have a limit:
    `limit_count` awards per `limit_window` (`limit_days` long where the window is a number of days). `position`: its place
    among the rules, as the merchant orders them and customers see them; ties go by number.
    """

    class Frequency(models.TextChoices):
        """How often one member may earn by the rule."""

        ONCE = "once", _("Once per customer")
        UNLIMITED = "unlimited", _("Every time")

    public_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    description = models.TextField(null=True, blank=True)
    action = models.CharField(max_length=40)
    category = models.CharField(max_length=20, choices=Category)
    is_active = models.BooleanField(default=True)
    points = models.PositiveIntegerField()
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.ONCE)
    limit_count = models.PositiveIntegerField(null=True, blank=True)
    limit_window = models.CharField(max_length=10, choices=WINDOWS, null=True, blank=True)
    limit_days = models.PositiveIntegerField(null=True, blank=True)
    options = models.JSONField(default=dict, blank=True)
    approval_days = models.PositiveIntegerField(default=0)
    action_key = models.CharField(max_length=100, null=True, blank=True)
    customer_facing_label = models.CharField(max_length=200, null=True, blank=True)
    call_to_action_url = models.URLField(max_length=500, null=True, blank=True)
    is_hidden_on_storefront = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=1)
    activated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[EarningRuleManager[Self]] = EarningRuleManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="rule_public_id_unique"),
            models.UniqueConstraint(
                fields=["program", "action_key"], condition=Q(deleted_at=None), name="rule_action_key_unique"
            ),
            models.CheckConstraint(
                condition=Q(action="custom", action_key__isnull=False) | (~Q(action="custom") & Q(action_key=None)),
                name="rule_custom_has_key",
            ),
            models.CheckConstraint(
                condition=Q(limit_count=None, limit_window=None)
                | Q(limit_count__gte=1, limit_window__isnull=False, frequency="unlimited"),
                name="rule_limit_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "-created_at", "-id"], name="rule_newest"),
            models.Index(fields=["program", "action_key"], name="rule_by_action_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_custom_action(self) -> bool:
        """Whether the rule is awarded by its action key, over REST or Flow."""
        return self.action == "custom"

    @property
    def limit(self) -> Limit | None:
        """How often a member may earn by it; None is as `frequency` says."""
        if self.limit_count is None or self.limit_window is None:
            return None
        return Limit(self.limit_count, Window(self.limit_window), self.limit_days)


class ActionKeyAlias(TenantModel):
    """An old action key that still finds its rule, until the merchant removes or reuses it."""

    rule = models.ForeignKey(EarningRule, on_delete=models.CASCADE, related_name="aliases")
    key = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "key"], name="alias_key_unique")]

    def __str__(self) -> str:
        return self.key


class Award(TenantModel):
    """One line of a member's earning history, with everything needed to explain it later.

    `entry` is the ledger entry behind it, of the same instant (`created_at`): activity finds and orders a rule's entries by it.
    Null for history that was brought along from elsewhere. `is_test`: it was made for a test customer while shadow test mode
    was on.
    """

    class Status(models.TextChoices):
        """Where the points stand."""

        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    public_id = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="awards", db_index=False)
    rule = models.ForeignKey(EarningRule, null=True, on_delete=models.SET_NULL, related_name="awards", db_index=False)
    rule_version = models.PositiveIntegerField(null=True)
    entry = models.ForeignKey(
        Entry, null=True, on_delete=models.DO_NOTHING, related_name="awards", db_constraint=False, db_index=False
    )
    action = models.CharField(max_length=40)
    action_key = models.CharField(max_length=100, null=True)
    status = models.CharField(max_length=10, choices=Status)
    points = models.BigIntegerField()
    base_points = models.DecimalField(max_digits=20, decimal_places=6)
    multiplier = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(1))
    balance_after = models.BigIntegerField(null=True)
    breakdown = models.JSONField(default=dict)
    source = models.CharField(max_length=40)
    source_reference = models.CharField(max_length=255, null=True)
    idempotency_key = models.CharField(max_length=320, null=True)
    fingerprint = models.CharField(max_length=64, default="")
    occurrence = models.CharField(max_length=120, null=True)
    metadata = models.JSONField(null=True)
    note = models.CharField(max_length=1000, null=True)
    campaign_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    order_number = models.CharField(max_length=40, null=True)
    ordered_at = models.DateTimeField(null=True)
    is_manual = models.BooleanField(default=False)
    is_test = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="award_public_id_unique"),
            models.UniqueConstraint(
                fields=["program", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="award_once_per_key",
            ),
            models.UniqueConstraint(
                fields=["program", "member", "occurrence"],
                condition=Q(occurrence__isnull=False) & ~Q(status="rejected"),
                name="award_once_per_occurrence",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-created_at", "-id"], name="award_by_member"),
            models.Index(fields=["rule", "-created_at"], name="award_by_rule", condition=Q(rule__isnull=False)),
            models.Index(fields=["entry_id"], name="award_by_entry", condition=Q(entry_id__isnull=False)),
            models.Index(fields=["program", "-created_at", "-id"], name="award_newest"),
            models.Index(fields=["program", "order_id"], name="award_by_order", condition=Q(order_id__isnull=False)),
            models.Index(
                fields=["program", "due_at", "id"],
                name="award_due",
                condition=Q(status="pending", entry_id__isnull=False),
            ),
            models.Index(fields=["program", "member"], name="award_tests", condition=Q(is_test=True)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.points:+d}"


class BirthdayTold(TenantModel):
    """The last calendar year of the shop in which others were told of a member's birthday."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"member {self.member_id}: {self.year}"


class ActionCall(TenantModel):
    """A call the merchant should know of: refused or skipped, with its reason, or done with something in it ignored."""

    class Outcome(models.TextChoices):
        """What became of the call."""

        REFUSED = "refused", _("Refused")
        SKIPPED = "skipped", _("Skipped")
        NOTICED = "noticed", _("Done, with a remark")

    rule = models.ForeignKey(EarningRule, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    door = models.CharField(max_length=20)
    action_key = models.CharField(max_length=100)
    customer = models.CharField(max_length=254, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome)
    code = models.CharField(max_length=60)
    sentence = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program", "-created_at", "-id"], name="action_call_newest")]

    def __str__(self) -> str:
        return f"{self.action_key}: {self.code}"
