"""What is stored of points. Only `loyalty.ledger` touches these rows.

Entries are append-only and signed; lots say which points are still there and until when; consumptions say which lot
paid for what; holds reserve points for a redemption in flight. The account carries the balances that follow from them:

    Σ entries = available + pending + held − debt        Σ lots' remaining = available + pending

What a test customer does while shadow test mode is on is marked `is_test`: their account says so, and every verb writes it
under the account's lock. What is about an earlier entry (a reversal, an expiry, a return) has that entry's mark.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel

DOOR = Coalesce(KeyTextTransform("door", "details"), F("source"), output_field=TextField())
"""Through which door an entry came: as its details say, else what it is of. An index is over this very expression."""
ACTOR = KeyTextTransform("actor", "details")
"""Who used the door, where that was told: a member of staff, or `API key` and its name."""


class Account(TenantModel):
    """A member's balances, in whole points, and the lock under which they move.

    `inactive_at` is the instant at which all that is available ends unless the member earns or spends before; None where
    the programme does not expire by inactivity. `expiry_told_at` is when they were last told of points that end soon.
    `merged_into` is where everything went: what is still owed for earlier accruals is taken there.
    `is_testing`: what happens now is a test. `has_tests`: there are test entries that no clean-up has taken back, or there
    may be; those numbered up to `cleaned_sequence` are taken back. `cleaning_since`: the rest is to be taken back.
    `test_lifetime` is what tests have added to `lifetime`, below 0 where they took some off.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="account")
    available = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    debt = models.BigIntegerField(default=0)
    lifetime = models.BigIntegerField(default=0)
    redeemed = models.BigIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)
    last_entry_id = models.BigIntegerField(null=True)
    inactive_at = models.DateTimeField(null=True)
    expiry_told_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_testing = models.BooleanField(default=False, db_default=False)
    has_tests = models.BooleanField(default=False, db_default=False)
    cleaned_sequence = models.BigIntegerField(default=0, db_default=0)
    cleaning_since = models.DateTimeField(null=True)
    test_lifetime = models.BigIntegerField(default=0, db_default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    available__gte=0, pending__gte=0, held__gte=0, debt__gte=0, lifetime__gte=0, redeemed__gte=0
                ),
                name="account_balances_not_negative",
            ),
            models.CheckConstraint(condition=Q(debt=0) | Q(available=0), name="account_debt_is_paid_first"),
            models.CheckConstraint(condition=Q(is_testing=False) | Q(has_tests=True), name="account_testing_has_tests"),
        ]
        indexes = [
            models.Index(fields=["program", "-available"], name="account_by_available"),
            models.Index(fields=["program", "-lifetime"], name="account_by_lifetime"),
            models.Index(
                fields=["program", "inactive_at", "id"], name="account_inactive", condition=Q(inactive_at__isnull=False)
            ),
            models.Index(fields=["program", "id"], name="account_with_tests", condition=Q(has_tests=True)),
            models.Index(fields=["program", "id"], name="account_owing", condition=Q(debt__gt=0)),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}: {self.available} available"


class Entry(TenantModel):
    """One movement of points. Never changed and never deleted: a trigger refuses; corrections are entries.

    `shortfall` is what the entry took that was not there any more and became a debt, in whole points.
    """

    class Kind(models.TextChoices):
        """Why points moved."""

        OPENING = "opening", _("Opening balance")
        ACCRUAL = "accrual", _("Earned")
        REJECTION = "rejection", _("Rejected")
        REVERSAL = "reversal", _("Reversed")
        ADJUSTMENT = "adjustment", _("Adjusted")
        EXPIRY = "expiry", _("Expired")
        REDEMPTION = "redemption", _("Redeemed")
        RETURN = "return", _("Returned")
        FORGIVENESS = "forgiveness", _("Debt forgiven")
        MERGE = "merge", _("Merged")
        CLEAN_UP = "clean_up", _("Test cleaned up")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="entries", db_index=False)
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    points = models.BigIntegerField()
    shortfall = models.BigIntegerField(default=0)
    balance_after = models.BigIntegerField()
    key = models.CharField(max_length=320)
    source = models.CharField(max_length=40)
    reverses = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="reversals", db_index=False)
    details = models.JSONField(default=dict)
    is_test = models.BooleanField(default=False, db_default=False)
    effective_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="entry_once_per_key"),
            models.UniqueConstraint(fields=["account", "sequence"], name="entry_sequence"),
            models.CheckConstraint(condition=~Q(points=0), name="entry_moves_points"),
            models.CheckConstraint(condition=Q(shortfall__gte=0), name="entry_shortfall_not_negative"),
        ]
        indexes = [
            models.Index(fields=["program", "created_at"], name="entry_by_time"),
            models.Index(  # accruals are most of what there is: the time finds them as soon
                fields=["program", "kind", "-created_at", "-id"], name="entry_by_kind", condition=~Q(kind="accrual")
            ),
            models.Index("program", DOOR, F("created_at").desc(), F("id").desc(), ACTOR, name="entry_by_door"),
            models.Index(fields=["reverses"], name="entry_reversals", condition=Q(reverses__isnull=False)),
            models.Index(fields=["account", "sequence"], name="entry_tests", condition=Q(is_test=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points:+d}"


class Lot(TenantModel):
    """The points one accrual brought: how many are left, from when they can be spent and until when."""

    class State(models.TextChoices):
        """Whether the lot can be spent."""

        PENDING = "pending", _("Pending")
        AVAILABLE = "available", _("Available")
        REJECTED = "rejected", _("Rejected")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="lots", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="lots")
    state = models.CharField(max_length=10, choices=State)
    points = models.BigIntegerField()
    remaining = models.BigIntegerField()
    earned_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(null=True)
    moved_to = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="moved_from")
    expires_at = models.DateTimeField(null=True)
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remaining__gte=0, remaining__lte=F("points"), points__gt=0), name="lot_remaining_in_range"
            ),
            models.CheckConstraint(condition=~Q(state="rejected") | Q(remaining=0), name="lot_rejected_is_empty"),
            models.CheckConstraint(condition=Q(state="available") | Q(available_at=None), name="lot_available_at"),
        ]
        indexes = [
            models.Index(
                fields=["account", "earned_at", "id"],
                name="lot_open",
                condition=Q(state="available", remaining__gt=0),
            ),
            models.Index(fields=["account"], name="lot_pending", condition=Q(state="pending")),
            models.Index(fields=["due_at"], name="lot_due", condition=Q(state="pending")),
            models.Index(
                fields=["program", "entry"], name="lot_matured", condition=Q(state="available", due_at__isnull=False)
            ),
            models.Index(
                fields=["program", "expires_at", "id"],
                name="lot_ending",
                condition=Q(state="available", remaining__gt=0, expires_at__isnull=False),
            ),
            models.Index(
                fields=["account", "expires_at"],
                name="lot_expiring_of_account",
                condition=Q(state="available", remaining__gt=0, expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.pk}: {self.remaining} of {self.points}"


class Hold(TenantModel):
    """Points reserved for a redemption in flight. It ends once: captured or released."""

    class State(models.TextChoices):
        """How a hold stands."""

        ACTIVE = "active", _("Active")
        CAPTURED = "captured", _("Captured")
        RELEASED = "released", _("Released")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="holds", db_index=False)
    key = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    points = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    entry = models.OneToOneField(Entry, null=True, on_delete=models.CASCADE, related_name="hold")
    is_test = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="hold_once_per_key"),
            models.CheckConstraint(condition=Q(points__gt=0), name="hold_points_positive"),
            models.CheckConstraint(condition=Q(state="captured") ^ Q(entry=None), name="hold_captured_has_entry"),
            models.CheckConstraint(condition=Q(state="active") ^ Q(ended_at__isnull=False), name="hold_ended_at"),
        ]
        indexes = [models.Index(fields=["account"], name="hold_active", condition=Q(state="active"))]

    def __str__(self) -> str:
        return f"hold {self.pk}: {self.points} {self.state}"


class Consumption(TenantModel):
    """Which lot paid for what: for an entry, or for a hold. A consumption that was returned no longer counts."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="consumptions")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="consumptions", db_index=False)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.CASCADE, related_name="consumptions", db_index=False)
    points = models.BigIntegerField()
    created_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="consumption_points_positive"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | Q(hold__isnull=False), name="consumption_pays_something"
            ),
        ]
        indexes = [
            models.Index(fields=["hold"], name="consumption_by_hold", condition=Q(hold__isnull=False)),
            models.Index(fields=["entry"], name="consumption_by_entry", condition=Q(entry__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.points} of lot {self.lot_id}"
