"""What is stored of an import: how it stands, the file as it came, and a row for each of its lines."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from loyalty.encryption import EncryptedTextField
from loyalty.imports.fields import NO_DATE
from loyalty.members.models import Member
from loyalty.tenancy import TenantModel

KEPT = timedelta(days=30)
"""How long the file and its rows are kept, and therefore how long an import can be undone."""


class Import(TenantModel):
    """One file and what became of it.

    Attributes:
        kind: One line per member, or one per movement of points.
        headers: The words of the file's first line.
        columns: Which column holds what: `fields.FIELDS` to a place, from 0.
        options: See `options.Options`.
        cursor: Where the present work goes on.
        counts: How many rows are what, and what was done; `totals` are points.
        error: What stopped the work, for the log; the page says that it stopped.
        rests_until: The shop or the database was asked to wait.
        dropped_at: When the file and its rows were forgotten.
    """

    class State(models.TextChoices):
        """How far an import is."""

        UPLOADED = "uploaded", "Uploaded"
        READING = "reading", "Reading"
        READY = "ready", "Ready"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        UNDOING = "undoing", "Undoing"
        UNDONE = "undone", "Undone"

    class Kind(models.TextChoices):
        """What a line of the file is."""

        MEMBERS = "members", "One row per member"
        HISTORY = "history", "One row per movement of points"

    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MEMBERS)
    source = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=200, blank=True, default="")
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True, default="")
    uploaded_by = models.CharField(max_length=150)
    started_by = models.CharField(max_length=150, blank=True, default="")
    undone_by = models.CharField(max_length=150, blank=True, default="")
    once = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undo_started_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "once"], condition=~Q(once=""), name="import_once_per_submission"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "-created_at"], name="import_newest"),
            models.Index(
                fields=["program", "id"],
                name="import_at_work",
                condition=Q(state__in=["reading", "running", "undoing"], error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}: {self.state}"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has, or will have, something to do."""
        return self.state in WORKING and not self.error


WORKING = (Import.State.READING, Import.State.RUNNING, Import.State.UNDOING)


class ImportChunk(TenantModel):
    """Some lines of the file, as JSON, encrypted. `first_row` is the number of its first line, the header being 1."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    body = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"chunk {self.number} of {self.imported_id}"


class ImportRow(TenantModel):
    """One line: what it says, whom it is about, what it would do, what it did, and what was before.

    Attributes:
        number: Of the line in the file as a spreadsheet counts, the header being 1.
        points: Signed in a history, the balance or what is added in a list of members.
        sorted_on: The day of a movement; the same for all rows of a list of members.
        customer_id: The Shopify customer found; `customer` is who they are in the shop, for who is no member yet.
        fault: Why the row is left out, one of `checking.Fault`, and `fault_value`, what it is about.
        delta: Points that it would move; `moved` and `lifetime_moved` what it did.
        before: What the birthday and the tier were.
        taken: Signed points that undoing it moved.
    """

    class Verdict(models.TextChoices):
        """What a row would do."""

        NEW = "new", "New member"
        CHANGED = "changed", "Changes"
        SAME = "same", "Changes nothing"
        ERROR = "error", "Error"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    shopify_customer_id = models.BigIntegerField(null=True)
    email = models.CharField(max_length=254, blank=True, default="")
    points = models.BigIntegerField(null=True)
    lifetime = models.BigIntegerField(null=True)
    tier_name = models.CharField(max_length=100, blank=True, default="")
    date_of_birth = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    sorted_on = models.DateField(default=NO_DATE)
    note = models.CharField(max_length=300, blank=True, default="")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True, default="")
    fault = models.CharField(max_length=20, blank=True, default="")
    fault_value = models.CharField(max_length=100, blank=True, default="")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    customer_id = models.BigIntegerField(null=True)
    customer = models.JSONField(null=True)
    tier_id = models.BigIntegerField(null=True)
    delta = models.BigIntegerField(default=0)
    is_applied = models.BooleanField(default=False)
    entry_id = models.BigIntegerField(null=True)
    moved = models.BigIntegerField(default=0)
    lifetime_moved = models.BigIntegerField(default=0)
    before = models.JSONField(null=True)
    is_undone = models.BooleanField(default=False)
    taken = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["imported", "sorted_on", "number"], name="import_row_in_order"),
            models.Index(fields=["imported", "verdict", "number"], name="import_row_by_verdict"),
            models.Index(fields=["imported", "email"], name="import_row_by_email"),
            models.Index(fields=["imported", "shopify_customer_id"], name="import_row_by_id"),
            models.Index(fields=["imported", "customer_id", "sorted_on", "number"], name="import_row_by_customer"),
            models.Index(fields=["program", "member"], name="import_row_by_member", condition=Q(member__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.imported_id}"
