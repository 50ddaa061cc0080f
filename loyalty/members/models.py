"""What is stored of a member: who they are to the shop, and whether they take part."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractDay, ExtractMonth, Lower
from django.utils.translation import gettext_lazy as _

from loyalty.tenancy import TenantManager, TenantModel


class MemberQuerySet(models.QuerySet["Member"]):
    """Sets of members."""

    def living(self) -> MemberQuerySet:
        """Members who were neither merged away nor redacted."""
        return self.filter(merged_into=None, redacted_at=None)


MemberManager = TenantManager.from_queryset(MemberQuerySet)


class Member(TenantModel):
    """A customer enrolled in the programme. `email` is stored trimmed and in lower case.

    `birthday_saved_at` is when the present birthday was saved: one that was just changed earns nothing yet. `tags` are
    the customer's in the shop, as last heard of. `exclusion_reason` is what staff wrote, or the tag.
    `locale` is the shop's, such as `de` or `pt-BR`; `emails_stopped_at` is when they unsubscribed from the programme's emails.
    """

    class Status(models.TextChoices):
        """Whether the member takes part."""

        MEMBER = "member", _("Member")
        EXCLUDED = "excluded", _("Excluded")

    class ExcludedBy(models.TextChoices):
        """Who decided that a member takes no part."""

        STAFF = "staff", _("Staff")
        TAG = "tag", _("A tag in the shop")
        CUSTOMER = "customer", _("The customer, who opted out")

    shopify_customer_id = models.BigIntegerField()
    email = models.CharField(max_length=254, null=True, blank=True)
    first_name = models.CharField(max_length=255, null=True, blank=True)
    last_name = models.CharField(max_length=255, null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.MEMBER)
    exclusion_reason = models.CharField(max_length=200, blank=True, default="")
    excluded_by = models.CharField(max_length=10, choices=ExcludedBy, blank=True, default="")
    date_of_birth = models.DateField(null=True, blank=True)
    birthday_saved_at = models.DateTimeField(null=True, blank=True)
    anniversary_date = models.DateField(null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    referral_code = models.CharField(max_length=20)
    locale = models.CharField(max_length=20, blank=True, default="", db_default="")
    emails_stopped_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True, blank=True)
    enrolled_at = models.DateTimeField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[MemberManager[Self]] = MemberManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "shopify_customer_id"], name="member_once_per_customer"),
            models.UniqueConstraint(fields=["program", "referral_code"], name="member_referral_code_unique"),
        ]
        indexes = [
            models.Index(fields=["program", "email"], name="member_by_email"),
            models.Index(fields=["program", "-created_at", "-id"], name="member_newest"),
            models.Index(fields=["program", "enrolled_at"], name="member_by_enrolment"),
            models.Index("program", Lower("first_name"), Lower("last_name"), "id", name="member_by_name"),
            models.Index(
                fields=["program", "-created_at", "-id"], name="member_excluded", condition=Q(status="excluded")
            ),
            models.Index(
                fields=["program", "id"],
                name="member_gone",
                condition=Q(merged_into__isnull=False) | Q(redacted_at__isnull=False),
            ),
            models.Index(
                "program",
                ExtractMonth("date_of_birth"),
                ExtractDay("date_of_birth"),
                name="member_by_birthday",
                condition=Q(date_of_birth__isnull=False),
            ),
            models.Index(
                "program",
                ExtractMonth("anniversary_date"),
                ExtractDay("anniversary_date"),
                name="member_by_anniversary",
                condition=Q(anniversary_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """First and last name, else the e-mail address, else the Shopify id."""
        full = " ".join(part for part in (self.first_name, self.last_name) if part)
        return full or self.email or f"Customer {self.shopify_customer_id}"

    @property
    def is_excluded(self) -> bool:
        """Whether the member earns and redeems nothing."""
        return self.status == self.Status.EXCLUDED
