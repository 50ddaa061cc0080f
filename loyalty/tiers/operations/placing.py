"""Placing members on the ladder: by their figures, by hand, and after a merge.

A member's tier only changes under their account's lock, so that an award sees one tier from its check to its write.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from loyalty.ledger import operations as ledger
from loyalty.ledger.qualifying import Members
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.tenancy import program_in_scope
from loyalty.tiers.models import Tier, TierEntryGrant, TierMembership
from loyalty.tiers.operations.moving import Manner, Placement, give_entry_points, move
from loyalty.tiers.queries import tier_of
from loyalty.tiers.standing import out_of_place


def requalify(*, member_id: int, now: datetime) -> Tier | None:
    """Places one member; see `requalify_all`.

    Returns:
        The tier the member is on now; None when the programme has none.
    """
    requalify_all(member_ids=[member_id], now=now)
    return tier_of(member_id=member_id)


@transaction.atomic
def requalify_all(*, member_ids: Sequence[int], now: datetime, manner: Manner = Manner.USUAL) -> int:
    """Places members where their figures put them, unless they are locked: judged one by one, written in sets.

    Upwards at once; downwards when the programme's period and grace days say so. The first placement (enrolment) announces
    nothing and gives no entry points; every later change writes `tier.changed`. A repeat changes nothing. Their accounts
    are locked in the order of their ids until the caller's transaction ends.

    Args:
        member_ids: Of the programme in scope, at most a few thousand: so many accounts are locked together.
        manner: What is told and given of it.

    Returns:
        How many stand elsewhere now, or may fall from another instant on.
    """
    accounts = ledger.lock_accounts(member_ids=member_ids)
    program = Program.objects.get(pk=program_in_scope())
    ladder = {tier.pk: tier for tier in Tier.objects.all()}
    wrong = out_of_place(program=program, ladder=ladder.values(), members=Members(only=member_ids), now=now)
    placements = [
        Placement(
            account=accounts[standing.member_id],
            held=ladder[standing.tier_id] if standing.tier_id is not None else None,
            tier=ladder[verdict.step.tier_id],
            falls_at=verdict.falls_at,
        )
        for standing, verdict in wrong
    ]
    move(program=program, placements=placements, now=now, manner=manner)
    return len(placements)


@transaction.atomic
def assign(*, member_id: int, tier: Tier, lock: bool, now: datetime, reason: str = "") -> bool:
    """Puts a member on a tier by hand, and locks them there if asked.

    Without a lock it lasts until a recalculation disagrees and their time there is over. The reason stays with the event.

    Returns:
        Whether the tier changed; already there is no change.
    """
    account = ledger.lock_accounts(member_ids=[member_id])[member_id]
    held = tier_of(member_id=member_id)
    placement = Placement(account=account, held=held, tier=tier, falls_at=None, note=reason)
    move(program=Program.objects.get(pk=account.program_id), placements=[placement], now=now)
    TierMembership.objects.filter(member_id=member_id).update(is_locked=lock)
    return held is None or held.pk != tier.pk


@transaction.atomic
def release(*, member_id: int, now: datetime) -> Tier | None:
    """Takes a lock by hand away, and places the member where their figures put them. A repeat changes nothing.

    Returns:
        The tier the member is on now.
    """
    ledger.lock_accounts(member_ids=[member_id])
    TierMembership.objects.filter(member_id=member_id).update(is_locked=False)
    return requalify(member_id=member_id, now=now)


@transaction.atomic
def merge_standing(*, from_member_id: int, into_member_id: int, now: datetime) -> Tier | None:
    """Takes over what a member who is merged away was given for tiers, and judges the survivor afresh.

    A lock by hand stays with whom it was given to: the survivor. A repeat changes nothing.
    """
    ledger.lock_accounts(member_ids=[into_member_id])
    had = TierEntryGrant.objects.filter(member_id=into_member_id).values_list("tier_id", flat=True)
    TierEntryGrant.objects.filter(member_id=from_member_id).exclude(tier_id__in=list(had)).update(
        member_id=into_member_id
    )
    TierMembership.objects.filter(member_id=from_member_id).delete()
    return requalify(member_id=into_member_id, now=now)


@transaction.atomic
def give_skipped_entry(*, member_id: int, tier_id: int, now: datetime) -> bool:
    """Gives the entry points of a tier that a member reached while test mode left them out, once.

    Returns:
        Whether they have them now; not while the member or the programme takes no part, or the tier gives none any more.
    """
    account = ledger.lock_account(account_id=account_id_of(member_id=member_id))
    tier = Tier.objects.filter(pk=tier_id).first()
    program = Program.objects.get(pk=program_in_scope())
    if tier is not None and program.is_open_to(Member.objects.get(pk=member_id).email):
        give_entry_points(program=program, entries=[(account, tier)], now=now)
    return bool(TierEntryGrant.objects.filter(member_id=member_id, tier_id=tier_id).exists())
