"""Who takes part. Exclusion changes under the account's lock, so no award slips through beside it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.outbox.operations import append


@transaction.atomic
def set_excluded(*, member_id: int, excluded: bool, now: datetime, reason: str = "") -> Member:
    """Excludes a member from earning and redeeming, or takes them back in. Already so is no change.

    Balances stay and stay visible. Pending points wait until the exclusion ends.
    """
    lock_account(account_id=account_id_of(member_id=member_id))
    member: Member = Member.objects.get(pk=member_id)
    if member.is_excluded == excluded:
        return member
    member.status = Member.Status.EXCLUDED if excluded else Member.Status.MEMBER
    member.exclusion_reason = reason if excluded else ""
    member.updated_at = now
    member.save(update_fields=["status", "exclusion_reason", "updated_at"])
    append(
        program_id=member.program_id,
        kind=EventKind.MEMBER_CHANGED,
        member_id=member.pk,
        payload={"status": member.status},
        now=now,
    )
    return member
