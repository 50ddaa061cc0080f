"""What is stored of merchants' webhook subscriptions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty.encryption import EncryptedTextField
from loyalty.tenancy import TenantModel


class WebhookSubscription(TenantModel):
    """An address of the merchant's that hears named events. The secret is shown on create and rotate only.

    `previous_secret` signs beside the present one until `previous_secret_until`. `keeps_trying`: for three days, in place
    of the contract's three retries. `failing_since` is the first failure since the last success.
    """

    public_id = models.CharField(max_length=40)
    url = models.CharField(max_length=2048)
    events = ArrayField(models.CharField(max_length=40))
    is_active = models.BooleanField(default=True)
    description = models.CharField(max_length=500, null=True, blank=True)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(null=True)
    previous_secret_until = models.DateTimeField(null=True)
    keeps_trying = models.BooleanField(default=False)
    last_success_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "public_id"], name="whsub_public_id_unique")]
        indexes = [models.Index(fields=["program", "-created_at", "-id"], name="whsub_newest")]

    def __str__(self) -> str:
        return self.url
