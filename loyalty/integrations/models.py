"""What is stored of a merchant's connection to a vendor, and of who members are there."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty.encryption import EncryptedTextField
from loyalty.integrations.naming import USUAL
from loyalty.tenancy import TenantModel


def usual_events() -> list[str]:
    """Returns what a new connection tells."""
    return list(USUAL)


class Connection(TenantModel):
    """A merchant's credentials for one vendor, what is told to it, and how the connection stands.

    `vendor` is a slug of `vendors.py`; `events` are names of `naming.py`. `failures_in_row` counts attempts that the vendor
    did not answer, or only with an error of its own; after a few, everything waits until `waits_until` (`trouble.py`).
    """

    class State(models.TextChoices):
        """Whether anything is sent."""

        ACTIVE = "active", _("Connected")
        NEEDS_RECONNECT = "needs_reconnect", _("Needs a new key")
        LEAVING = "leaving", _("Removing its data")
        DISCONNECTED = "disconnected", _("Not connected")

    vendor = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    credential = EncryptedTextField(null=True)
    credential_hint = models.CharField(max_length=20, blank=True, default="")
    account_name = models.CharField(max_length=200, blank=True, default="")
    events = ArrayField(models.CharField(max_length=40), default=usual_events, blank=True)
    sends_birthday = models.BooleanField(default=False)
    last_error = models.CharField(max_length=500, blank=True, default="")
    last_success_at = models.DateTimeField(null=True)
    failures_in_row = models.PositiveIntegerField(default=0)
    throttled_in_row = models.PositiveIntegerField(default=0)
    waits_until = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "vendor"], name="connection_once_per_vendor")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.state}"


GONE = (Connection.State.LEAVING, Connection.State.DISCONNECTED)
"""States in which nothing is told any more."""


class VendorPerson(TenantModel):
    """What a vendor calls a member; `external_id` is empty for somebody it does not know, as of `looked_up_at`."""

    vendor = models.CharField(max_length=20)
    member_id = models.BigIntegerField()
    external_id = models.CharField(max_length=100, blank=True, default="")
    looked_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "vendor", "member_id"], name="vendor_person_once_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.member_id}"
