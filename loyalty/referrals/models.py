"""What is stored of referrals: one row per friend who accepted an invitation, and traces that tell households apart."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel


class Referral(TenantModel):
    """A friend who accepted an advocate's invitation.

    `pending` → `friend_converted` (the first paid order) → `completed` (the advocate has their reward); `expired` when the
    time ran out, `ended` when it was declined, given back, or the friend turned out to be no new customer (`ended_for`).
    `held_for` says why it waits for a decision; what was decided is `decision`. `terms` are the rule's when it was claimed.

    `friend_key` is the friend's address as addresses are compared (`identity.py`), as a keyed digest; `friend_email` as
    typed, until they are forgotten. `judge_at` is when the matched order is to be judged, `due_at` when the advocate's
    reward is due. `is_test`: the advocate was a test customer when it was completed; until then, when it was claimed.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PENDING = "pending", _("Invited")
        FRIEND_CONVERTED = "friend_converted", _("First order placed")
        COMPLETED = "completed", _("Completed")
        EXPIRED = "expired", _("Expired")
        ENDED = "ended", _("Ended")

    class CodeState(models.TextChoices):
        """How far the friend's code has come; nothing is empty."""

        WANTED = "wanted", _("Being made")
        MADE = "made", _("Made")
        REFUSED = "refused", _("Refused by Shopify")
        UNWANTED = "unwanted", _("Being removed")
        REMOVED = "removed", _("Removed")

    class EndedFor(models.TextChoices):
        """Why a referral ended without a reward."""

        DECLINED = "declined", _("Declined by staff")
        ORDER_UNDONE = "order_undone", _("The order was cancelled or refunded in full")
        SAME_PERSON = "same_person", _("Advocate and friend are the same person")
        NOT_NEW = "not_new", _("The friend had ordered before")
        TOO_SMALL = "too_small", _("The first order was smaller than you ask for")
        TEST = "test", _("It was a test, and was cleaned up")

    class HeldFor(models.TextChoices):
        """What makes a referral wait for a decision."""

        SAME_DEVICE = "same_device", _("The friend used the advocate's device")
        SAME_NETWORK = "same_network", _("The friend came from the advocate's network")
        SAME_ADDRESS = "same_address", _("Advocate and friend have the same postal address")
        MANY_AT_ONCE = "many_at_once", _("Many friends accepted within an hour")
        OTHER_BUYER = "other_buyer", _("The code was used by another e-mail address")
        OVER_DAY_CAP = "over_day_cap", _("More referrals this day than you allow")
        OVER_MONTH_CAP = "over_month_cap", _("More referrals this month than you allow")
        NOT_GIVEN = "not_given", _("The advocate's reward could not be given")

    class Decision(models.TextChoices):
        """What was decided of a referral that waited."""

        RELEASED = "released", _("Approved")
        DECLINED = "declined", _("Declined")

    public_id = models.CharField(max_length=40)
    advocate = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="referrals", db_index=False)
    friend = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    friend_customer_id = models.BigIntegerField(null=True)
    friend_email = models.CharField(max_length=254, null=True)
    friend_key = models.CharField(max_length=64)
    rule_id = models.BigIntegerField()
    terms = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    ended_for = models.CharField(max_length=20, choices=EndedFor, blank=True, default="")
    held_for = ArrayField(models.CharField(max_length=20, choices=HeldFor), default=list, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
    code = models.CharField(max_length=255, null=True)
    code_state = models.CharField(max_length=10, choices=CodeState, blank=True, default="")
    discount_gid = models.CharField(max_length=100, null=True)
    code_attempts = models.PositiveIntegerField(default=0)
    next_code_attempt_at = models.DateTimeField(null=True)
    network_digest = models.CharField(max_length=64, blank=True, default="")
    order_id = models.BigIntegerField(null=True)
    order_name = models.CharField(max_length=40, blank=True, default="")
    is_test = models.BooleanField(default=False, db_default=False)
    is_by_code = models.BooleanField(default=False)
    judge_at = models.DateTimeField(null=True)
    judge_attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    award_id = models.CharField(max_length=40, blank=True, default="")
    redemption_id = models.CharField(max_length=40, blank=True, default="")
    friend_award_id = models.CharField(max_length=40, blank=True, default="")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    converted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "public_id"], name="referral_public_id_unique"),
            models.UniqueConstraint(
                fields=["program", "friend_key"],
                condition=~Q(state__in=["expired", "ended"]),
                name="referral_once_per_friend",
            ),
            models.UniqueConstraint(
                fields=["program", "order_id"], condition=Q(order_id__isnull=False), name="referral_once_per_order"
            ),
            models.UniqueConstraint(
                fields=["program", "code"], condition=Q(code__isnull=False), name="referral_code_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "-claimed_at", "-id"], name="referral_newest"),
            models.Index(fields=["advocate", "-claimed_at"], name="referral_by_advocate"),
            models.Index(fields=["program", "network_digest", "claimed_at"], name="referral_by_network"),
            models.Index(fields=["judge_at"], name="referral_to_judge", condition=Q(judge_at__isnull=False)),
            models.Index(fields=["due_at"], name="referral_due", condition=Q(state="friend_converted")),
            models.Index(fields=["program", "expires_at"], name="referral_ending", condition=Q(state="pending")),
            models.Index(
                fields=["next_code_attempt_at"],
                name="referral_code_to_do",
                condition=Q(code_state__in=["wanted", "unwanted"]),
            ),
            models.Index(
                fields=["program", "-claimed_at", "-id"],
                name="referral_code_open",
                condition=Q(code_state__in=["wanted", "unwanted", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    @property
    def is_held(self) -> bool:
        """Whether it waits for a decision: nothing is given until staff approves it."""
        return bool(self.held_for) and not self.decision and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.state in (self.State.COMPLETED, self.State.EXPIRED, self.State.ENDED)

    @property
    def reasons(self) -> list[str]:
        """Why it waits, as sentences."""
        return [str(self.HeldFor(reason).label) for reason in self.held_for]


class Trace(TenantModel):
    """That a member was seen on a device or in a network, as a keyed digest: kept 90 days, to notice self-referral."""

    class Kind(models.TextChoices):
        """What the digest is of."""

        DEVICE = "device", _("Device")
        NETWORK = "network", _("Network")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind", "digest"], name="trace_once")]
        indexes = [models.Index(fields=["seen_at"], name="trace_old")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"
