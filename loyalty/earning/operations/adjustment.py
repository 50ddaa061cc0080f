"""Points added or deducted by hand, with a line in the member's history."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.earning.models import Award, EarningRule
from loyalty.errors import IdempotencyKeyReused, InvalidField, NotFound
from loyalty.ledger import operations as ledger
from loyalty.ledger.queries import account_id_of, balances_of
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.points import MAX_POINTS
from loyalty.programs.calendar import end_of_day_after
from loyalty.public_ids import new_public_id
from loyalty.tiers.operations import requalify


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What an adjustment did: spendable points before and after it. On a replay, as they were then."""

    award_id: str
    points_before: int
    points_after: int
    replayed: bool


@transaction.atomic
def adjust_points(
    *,
    member: Member,
    points: int,
    source: str,
    now: datetime,
    note: str | None = None,
    update_lifetime: bool = True,
    key: str | None = None,
    request: str | None = None,
    actor: str | None = None,
    label: EarningRule | None = None,
) -> Adjustment:
    """Adds or deducts points; a deduction stops at 0. Works while the programme is off.

    Args:
        points: Signed whole points, not 0, magnitude up to `MAX_POINTS`; no multiplier applies.
        source: The door: `rest`, `staff`, `flow`.
        key: The caller's idempotency key, already unique within its door and path; a replay returns the first result.
        request: What makes two calls under a key the same request; None is member, points, note and lifetime.
        actor: Who did it, kept with the entry.
        label: A rule to be named beside the points; it gives nothing and limits nothing.

    Raises:
        InvalidField: `points` is 0 or too large.
        CustomerExcluded: The member takes no part.
        IdempotencyKeyReused: The key belongs to another request.
    """
    if points == 0 or abs(points) > MAX_POINTS:
        raise InvalidField("adjustment", _("adjustment must be a non-zero integer of at most 1,000,000,000"))
    account = ledger.lock_account(account_id=account_id_of(member_id=member.pk))
    fingerprint = request or _fingerprint(member.pk, points, note, update_lifetime)
    if key is not None and (first := Award.objects.filter(idempotency_key=key).first()):
        if first.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        return Adjustment(first.public_id, first.breakdown["before"], first.breakdown["after"], replayed=True)
    member.refresh_from_db(fields=["status"])
    if member.is_excluded:
        raise CustomerExcluded
    before = balances_of(member_id=member.pk, now=now).available
    public_id = new_public_id("cer")
    days, zone = member.program.expiry_days, member.program.zone
    expires_at = end_of_day_after(now, days=days, zone=zone) if days else None
    posting = ledger.adjust(
        program_id=member.program_id, account_id=account.pk, points=points, key=f"adjust:{public_id}", source="manual",
        now=now, expires_at=expires_at, update_lifetime=update_lifetime,
        details={"note": note, "actor": actor, "award_id": public_id, "door": source},
        event={"source": "manual", **_named(label), "note": note, "door": source},
    )  # fmt: skip
    Award.objects.create(
        program_id=member.program_id, public_id=public_id, member=member, entry_id=posting.entry_id, action="manual",
        status=Award.Status.APPROVED, points=posting.points, base_points=Decimal(posting.points),
        balance_after=posting.available, source=source, idempotency_key=key, fingerprint=fingerprint, note=note,
        is_manual=True, is_test=account.is_testing, given_at=now, expires_at=expires_at if points > 0 else None,
        created_at=now, updated_at=now,
        breakdown=_breakdown(label, asked=points, before=before, after=posting.available, actor=actor, lifetime=update_lifetime),
    )  # fmt: skip
    if update_lifetime:
        requalify(member_id=member.pk, now=now)
    return Adjustment(public_id, before, posting.available, replayed=False)


@transaction.atomic
def undo_adjustment(*, public_id: str, now: datetime, actor: str) -> Adjustment:
    """Moves back what an adjustment moved, by another adjustment. A repeat is the first one again.

    Points that were deducted come back without an end of their own but the programme's; of points that were added, what
    the member does not have any more stays spent: the balance stops at 0.

    Raises:
        NotFound: No such adjustment, or it moved nothing.
        CustomerExcluded: The member takes no part.
    """
    found = Award.objects.select_related("member__program").filter(public_id=public_id, is_manual=True).first()
    if found is None or found.points == 0:
        raise NotFound(_("There is no such adjustment"))
    return adjust_points(
        member=found.member, points=-found.points, source="staff", now=now, note="Undone by staff",
        update_lifetime=bool(found.breakdown.get("lifetime", True)), key=f"undo:{public_id}", actor=actor,
    )  # fmt: skip


def _breakdown(label: EarningRule | None, **told: object) -> dict[str, object]:
    """What explains an adjustment later, and what undoes it."""
    return {**told, **_named(label)}


def _named(rule: EarningRule | None) -> dict[str, object]:
    return {"rule_name": rule.name if rule else None, "rule_number": rule.pk if rule else None}


def _fingerprint(*what: object) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()
