"""What is stored of emails to customers: who writes, which are on, and the merchant's own texts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty.tenancy import TenantModel


class EmailSettings(TenantModel):
    """Who a programme's emails come from, and which kinds (`kinds.py`) are on. No row: none are, and they come from the shop.

    An empty `from_address` is the server's own, an empty `sender_name` the programme's name.
    """

    sender_name = models.CharField(max_length=100, blank=True, default="")
    from_address = models.CharField(max_length=254, blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")
    kinds_on = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program"], name="email_settings_once")]

    def __str__(self) -> str:
        return f"emails of {self.program_id}"


class EmailText(TenantModel):
    """A merchant's own words for one kind in one language; without a row ours are sent (`texts/`)."""

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "kind", "language"], name="email_text_once")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}"
