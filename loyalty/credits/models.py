"""What is stored of store credit that is taken away."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel


class Removal(TenantModel):
    """Store credit to be taken from a member, once per occurrence.

    `wanted` → `sent` (the one call may have been made) → `done`, or back to `wanted` when it is certain that nothing was
    taken; `refused` by the shop; `unclear` when only a person can tell. `known` are the debits the account showed before.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WANTED = "wanted", _("To be taken")
        SENT = "sent", _("Asked for")
        DONE = "done", _("Taken")
        REFUSED = "refused", _("Refused")
        UNCLEAR = "unclear", _("Not certain")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    occurrence = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=1000, blank=True, default="")
    source = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.WANTED)
    known = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    reference = models.CharField(max_length=100, blank=True, default="")
    balance_before = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    deadline_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "occurrence"], name="credit_removal_once"),
            models.UniqueConstraint(
                fields=["program", "member"], condition=Q(state="sent"), name="credit_removal_one_in_flight"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_removal_above_zero"),
        ]
        indexes = [models.Index(fields=["program", "-created_at"], name="credit_removal_newest")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"

    @property
    def balance_after(self) -> Decimal:
        """What was left, as the shop had told right before it was taken."""
        return (self.balance_before or Decimal(0)) - self.amount
