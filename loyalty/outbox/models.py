"""What is stored of what happened, and of telling others about it.

An `Event` is written in the transaction of the change it tells of. A relay fans it out into one `Delivery` per
destination; a delivery is claimed under a lease, so a worker that dies loses nothing and a late one changes nothing.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from loyalty.tenancy import TenantModel


class Family(Func):
    """What a destination's name begins with, before a colon: `klaviyo` of `klaviyo:events`."""

    function = "split_part"
    output_field = models.CharField()

    def __init__(self, *expressions: object) -> None:
        super().__init__(*(expressions or (F("destination"), Value(":"), Value(1))))


class Event(TenantModel):
    """Something that happened. Never changed, but for `fanned_out_at`.

    `is_test`: a test customer caused it while shadow test mode was on; others hear of it only where the programme says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    member_id = models.BigIntegerField(null=True)
    sequence = models.PositiveBigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    is_test = models.BooleanField(default=False, db_default=False)
    occurred_at = models.DateTimeField()
    fanned_out_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["occurred_at"], name="event_to_fan_out", condition=models.Q(fanned_out_at=None)),
            models.Index(fields=["program", "member_id", "-occurred_at"], name="event_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Delivery(TenantModel):
    """One telling of one event (or one state sync) to one destination.

    `body` is what was sent first, where every attempt must send the same bytes.
    """

    class State(models.TextChoices):
        """Where a delivery stands; `unknown` is for destinations that cannot deduplicate."""

        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Sending")
        DONE = "done", _("Delivered")
        SKIPPED = "skipped", _("Skipped")
        DEAD = "dead", _("Failed")
        UNKNOWN = "unknown", _("Unclear")

    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True, default="")
    member_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_number = models.PositiveIntegerField(default=0)
    last_status = models.PositiveIntegerField(null=True)
    last_error = models.TextField(blank=True, default="")
    last_request = models.JSONField(null=True)
    last_response = models.TextField(blank=True, default="")
    body = models.TextField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "destination"], name="delivery_once_per_destination"),
            models.UniqueConstraint(
                fields=["program", "destination", "member_id"],
                condition=models.Q(state="pending", event=None),
                name="delivery_one_pending_sync",
            ),
            models.UniqueConstraint(  # a state of the whole programme: null members differ from each other in the one above
                fields=["program", "destination"],
                condition=models.Q(state="pending", event=None, member_id=None),
                name="delivery_one_pending_programme_sync",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=models.Q(state="sending")),
            models.Index(fields=["program", "-created_at", "-id"], name="delivery_newest"),
            # What is claimed next and lined up, without walking past what waits for others.
            models.Index(
                fields=["destination", "next_attempt_at"], name="delivery_next", condition=models.Q(state="pending")
            ),
            # The filters of the list, each newest first; and how each family stands.
            models.Index("program", Family(), F("created_at").desc(), F("id").desc(), name="delivery_by_family"),
            # Most are delivered, and the newest are found without it: an attempt that succeeds does not touch this one.
            models.Index(
                fields=["program", "state", "-created_at", "-id"],
                name="delivery_by_state",
                condition=models.Q(state__in=["skipped", "dead", "unknown"]),
            ),
            models.Index(fields=["program", "subject", "-created_at", "-id"], name="delivery_by_subject"),
            models.Index(fields=["program", "member_id", "-created_at", "-id"], name="delivery_by_member"),
            models.Index(
                F("program"),
                Family(),
                F("state"),
                F("next_attempt_at"),
                name="delivery_open",
                condition=models.Q(state__in=["pending", "sending", "dead", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.state}"


class Attempt(TenantModel):
    """One attempt at a delivery: when, what came of it, and how long it took. Kept 30 days."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    status = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True, default="")
    response = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["at"], name="attempt_old")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}: {self.outcome}"
