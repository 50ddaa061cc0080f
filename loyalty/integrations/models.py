"""What is stored of a merchant's connection to a vendor."""

from __future__ import annotations

from django.db import models

from loyalty.encryption import EncryptedTextField
from loyalty.tenancy import TenantModel


class Connection(TenantModel):
    """A merchant's credentials for one vendor, and how the connection stands."""

    class Vendor(models.TextChoices):
        """Marketing platforms Encore speaks to."""

        KLAVIYO = "klaviyo", "Klaviyo"

    class State(models.TextChoices):
        """Whether anything is sent."""

        ACTIVE = "active", "Connected"
        NEEDS_RECONNECT = "needs_reconnect", "Needs a new key"
        DISCONNECTED = "disconnected", "Not connected"

    vendor = models.CharField(max_length=20, choices=Vendor)
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    credential = EncryptedTextField(null=True)
    credential_hint = models.CharField(max_length=20, blank=True, default="")
    account_name = models.CharField(max_length=200, blank=True, default="")
    last_error = models.CharField(max_length=500, blank=True, default="")
    last_success_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "vendor"], name="connection_once_per_vendor")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.state}"
