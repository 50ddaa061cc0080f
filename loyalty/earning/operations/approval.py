"""What becomes of awards that wait: approved by schedule or by hand, rejected, or taken back by staff."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.earning.models import Award
from loyalty.errors import NotFound
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import NotPending
from loyalty.members.models import Member
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.models import Program
from loyalty.tiers.operations import requalify


@transaction.atomic
def approve(*, public_id: str, now: datetime) -> Award:
    """Makes a pending award's points spendable. An approved award is no change.

    Raises:
        NotFound: No such award.
        NotPending: The award was rejected.
    """
    award = _award(public_id)
    if award.status == Award.Status.REJECTED:
        raise NotPending("rejected")
    program = Program.objects.get(pk=award.program_id)
    expires_at = end_of_day_after(now, days=program.expiry_days, zone=program.zone) if program.expiry_days else None
    posting = ledger.mature(entry_id=_entry_of(award), now=now, expires_at=expires_at, event=_about(award))
    if not posting.replayed or award.status == Award.Status.PENDING:
        award.status, award.given_at, award.expires_at, award.updated_at = Award.Status.APPROVED, now, expires_at, now
        award.save()
        requalify(member_id=award.member_id, now=now)
    return award


@transaction.atomic
def reject(*, public_id: str, now: datetime, reason: str = "", door: str = "staff", actor: str = "") -> Award:
    """Takes a pending award back; its once-per-customer slot is free again. A rejected award is no change.

    Args:
        door: Through which door it was decided, and `actor` by whom; both are kept with the entry.

    Raises:
        NotFound: No such award.
        NotPending: The points are spendable already: undo the award instead.
    """
    award = _award(public_id)
    ledger.reject(
        entry_id=_entry_of(award), key=f"reject:{award.public_id}", now=now, reason=reason, details=_by(door, actor),
        event=_about(award),
    )  # fmt: skip
    if award.status != Award.Status.REJECTED:
        award.status, award.updated_at, award.note = Award.Status.REJECTED, now, reason or award.note
        award.save()
    return award


@transaction.atomic
def undo(*, public_id: str, now: datetime, actor: str = "") -> Award:
    """Takes a whole award back by a reversal, as if it had not been: "Try it" is undone this way.

    Its own points go first, then the oldest others; what the member does not have any more is written off. The
    once-per-customer slot is free again. A repeat is no change.

    Raises:
        NotFound: No such award.
    """
    award = _award(public_id)
    if award.status == Award.Status.PENDING:
        return reject(public_id=public_id, now=now, reason="Undone by staff", actor=actor)
    if award.status == Award.Status.APPROVED:
        ledger.reverse(
            entry_id=_entry_of(award), points=award.points, key=f"undo:{award.public_id}", now=now,
            details=_by("staff", actor), event=_about(award),
        )  # fmt: skip
        award.status, award.updated_at, award.note = Award.Status.REJECTED, now, "Undone by staff"
        award.save()
        requalify(member_id=award.member_id, now=now)
    return award


@transaction.atomic
def approve_if_member(*, public_id: str, now: datetime) -> bool:
    """Approves a pending award unless its member takes no part, and returns whether it was. See `approve`."""
    award = _award(public_id)  # under the lock: the member may have been excluded a moment ago
    if award.status != Award.Status.PENDING or Member.objects.get(pk=award.member_id).is_excluded:
        return False
    approve(public_id=public_id, now=now)
    return True


def _award(public_id: str) -> Award:
    """Locks the account, then reads the award: the ledger's order of locks."""
    found = (
        Award.objects.filter(public_id=public_id, entry_id__isnull=False)
        .values_list("member__account", flat=True)
        .first()
    )
    if found is None:
        raise NotFound(_("Award '%(public_id)s' not found") % {"public_id": public_id})
    ledger.lock_account(account_id=found)
    return Award.objects.select_related("rule").get(public_id=public_id)


def _by(door: str, actor: str) -> dict[str, str]:
    return {"door": door, "actor": actor[:200]} if actor else {"door": door}


def _entry_of(award: Award) -> int:
    assert award.entry_id is not None  # `_award` finds no others
    return award.entry_id


def _about(award: Award) -> dict[str, object]:
    """What the events of an award tell about its rule."""
    rule = award.rule
    return {
        "rule_id": rule.public_id if rule else None,
        "rule_number": rule.pk if rule else None,
        "rule_name": rule.name if rule else None,
        "action": award.action,
        "source": "referral" if rule is not None and rule.category == "referral" else "earning_rule",
        "award_id": award.public_id,
        **({"order_number": award.order_number} if award.order_number else {}),
    }
