"""The inbox: every signed webhook, once, and what became of it."""

from __future__ import annotations

from django.db import models

from loyalty.encryption import EncryptedTextField


class ReceivedWebhook(models.Model):
    """One delivery by Shopify. Stored before anything is known of its shop, so no tenant row.

    The body holds personal data: encrypted at rest, and dropped 30 days after the work is done; id, hash and outcome
    stay. `triggered_at` is when it happened in the shop, or when we heard of it where Shopify does not say.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        PENDING = "pending", "Waiting"
        DONE = "done", "Done"
        IGNORED = "ignored", "Ignored"
        FAILED = "failed", "Failed"

    webhook_id = models.CharField(max_length=255, unique=True)
    topic = models.CharField(max_length=100)
    shop_domain = models.CharField(max_length=255)
    api_version = models.CharField(max_length=20, blank=True, default="")
    body = EncryptedTextField(null=True)
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    triggered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], name="webhook_due", condition=models.Q(state="pending")),
            models.Index(fields=["shop_domain", "topic", "-received_at"], name="webhook_by_shop"),
            models.Index(fields=["finished_at"], name="webhook_body_to_drop", condition=models.Q(body__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.webhook_id} {self.state}"


class PersonalDataRequest(models.Model):
    """What a customer asked a shop to hand over, collected for the merchant (customers/data_request).

    Kept encrypted until the merchant has it; `shop/redact` and `customers/redact` delete it.
    """

    shop_domain = models.CharField(max_length=255)
    shopify_customer_id = models.BigIntegerField()
    webhook_id = models.CharField(max_length=255, unique=True)
    data = EncryptedTextField()
    requested_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop_domain", "-requested_at"], name="data_request_newest")]

    def __str__(self) -> str:
        return f"customer {self.shopify_customer_id} of {self.shop_domain}"
