"""What is stored of answers that no ledger row can carry: enrolments, skipped Flow runs."""

from __future__ import annotations

from django.db import models

from loyalty.tenancy import TenantModel


class Record(TenantModel):
    """The first answer given under a key. `expires_at` null is for ever."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "scope", "key"], name="idempotency_key_unique")]
        indexes = [
            models.Index(
                fields=["expires_at"], name="idempotency_expiring", condition=models.Q(expires_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
