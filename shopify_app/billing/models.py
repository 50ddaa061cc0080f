"""What is stored of a shop's contract with Shopify: what was said last, and since when nothing is heard."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty.tenancy import TenantModel


class Contract(TenantModel):
    """A shop's contract for Encore, as Shopify said last; without `handles` there is none. What it includes is `Program.plan`.

    `asked_at` is when the newest answer or failure was asked for: an older one that comes later is dropped.
    """

    shop_gid = models.CharField(max_length=100, blank=True, default="")
    handles = ArrayField(models.CharField(max_length=100), default=list)
    billing_period = models.CharField(max_length=20, blank=True, default="")
    trial_ends_at = models.DateTimeField(null=True)
    cancels_at_end = models.BooleanField(default=False)
    known_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program"], name="contract_once_per_program")]

    def __str__(self) -> str:
        return ", ".join(self.handles) or "no contract"
