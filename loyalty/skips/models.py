"""What is stored of skips: what a member would have been given, had the programme not been restricted to test customers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel


class Skip(TenantModel):
    """Something that would have been given and waits: once per member and `identity`, however often it is told.

    `identity` is what makes two tellings the same thing (an order, a caller's key, once per customer); null where each
    telling is a thing of its own. `facts` are what giving it later needs. `points` is what it would have come to then; a reward is 0.
    """

    class Kind(models.TextChoices):
        """What was held back."""

        AWARD = "award", _("Points of an earning rule")
        TIER_ENTRY = "tier_entry", _("Points for reaching a tier")
        REWARD = "reward", _("A reward for reaching a tier")

    class State(models.TextChoices):
        """What has become of it."""

        WAITING = "waiting", _("Waiting")
        GIVEN = "given", _("Awarded")
        NOTHING = "nothing", _("Nothing to award")
        DISCARDED = "discarded", _("Discarded")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    identity = models.CharField(max_length=120, null=True)
    name = models.CharField(max_length=200)
    points = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sentence = models.CharField(max_length=300, blank=True, default="")
    occurred_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "identity"], condition=Q(identity__isnull=False), name="skip_once_per_identity"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="skip_decided_at",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "-created_at", "-id"], name="skip_newest"),
            models.Index(fields=["program", "id"], name="skip_waiting", condition=Q(state="waiting")),
            models.Index(fields=["member"], name="skip_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.points:+d}"
