"""What an award answers, whichever door asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loyalty.earning.evaluation import Skip
from loyalty.earning.facts import Facts
from loyalty.public_ids import new_public_id

if TYPE_CHECKING:
    from loyalty.earning.activity import Activity


@dataclass(frozen=True, slots=True)
class AwardResult:
    """An award, or a skip.

    Attributes:
        public_id: `cer_…`, or `skip_…` for a skip, which is not stored.
        status: `approved`, `pending`, `rejected` or `skipped`.
        points: Whole points granted; 0 for a skip.
        balance: Spendable points now.
        balance_after: Spendable points right after the award was made: the same on every replay.
        idempotency_key: The caller's key, as the caller spelled it.
        source_reference: The door's own name for the call that made the award.
        first_answer: What the door answered to this very call before, where it kept that answer.
    """

    public_id: str
    rule_id: str
    rule_number: int
    rule_name: str
    action: str
    member_id: int
    status: str
    points: int
    base_points: Decimal
    multiplier: Decimal
    balance: int
    balance_after: int
    replayed: bool
    skip_reason: Skip | None
    idempotency_key: str | None
    source_reference: str | None
    due_at: datetime | None
    given_at: datetime | None
    expires_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    first_answer: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The rule an award is by: its number and public id (0 and empty when it is gone), its name and action."""

    number: int
    public_id: str
    name: str
    action: str


def from_row(row: dict[str, Any], *, about: About, member_id: int, key: str | None) -> AwardResult:
    """Returns the result that a row of `earning_award` tells.

    Args:
        key: The caller's key, as the caller spelled it.
    """
    return AwardResult(
        public_id=row["public_id"],
        rule_id=about.public_id,
        rule_number=about.number,
        rule_name=about.name,
        action=about.action,
        member_id=member_id,
        status=row["status"],
        points=row["points"],
        base_points=row["base_points"],
        multiplier=row["multiplier"],
        balance=row["available"],
        balance_after=row["balance_after"],
        replayed=row["outcome"] == "replayed",
        skip_reason=None,
        idempotency_key=key,
        source_reference=row["source_reference"],
        due_at=row["due_at"],
        given_at=row["given_at"],
        expires_at=row["expires_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def skipped(facts: Facts, reason: Skip, activity: Activity) -> AwardResult:
    """Returns a success without points; nothing was stored, so the same call can succeed later."""
    rule = facts.rule
    return AwardResult(
        public_id="skip_" + new_public_id("cer").removeprefix("cer_"),
        rule_id=rule.public_id if rule else "",
        rule_number=rule.id if rule else 0,
        rule_name=rule.name if rule else "",
        action=rule.action if rule else "",
        member_id=facts.member.id if facts.member else 0,
        status="skipped",
        points=0,
        base_points=Decimal(0),
        multiplier=Decimal(1),
        balance=facts.available,
        balance_after=facts.available,
        replayed=False,
        skip_reason=reason,
        idempotency_key=activity.key,
        source_reference=activity.source_reference,
        due_at=None,
        given_at=None,
        expires_at=None,
        created_at=activity.occurred_at,
        updated_at=activity.occurred_at,
    )
