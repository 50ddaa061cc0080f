"""Placing members on the ladder: by their figures, by hand, and after a merge.

A member's tier only changes under their account's lock, so that an award sees one tier from its check to its write.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger.models import Account
from loyalty.ledger.operations import accrue, lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.outbox.operations import append
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier, TierEntryGrant, TierMembership
from loyalty.tiers.qualification import Held, Rules, Step, judge
from loyalty.tiers.standing import figure_of


@transaction.atomic
def requalify(*, member_id: int, now: datetime) -> Tier | None:
    """Places a member where their figures put them, unless they are locked; a repeat changes nothing.

    Upwards at once; downwards when the programme's period and grace days say so. The first placement (enrolment) announces
    nothing and gives no entry points; every later change writes `tier.changed`.

    Returns:
        The tier the member is on now; None when the programme has none.
    """
    account = lock_account(account_id=account_id_of(member_id=member_id))
    member = Member.objects.select_related("program").get(pk=member_id)
    ladder = {tier.pk: tier for tier in Tier.objects.all()}
    membership = _membership(member)
    if membership is not None and membership.is_locked:
        return membership.tier
    steps = [Step(tier.pk, tier.threshold) for tier in ladder.values()]
    verdict = judge(
        steps,
        figure_of(program=member.program, member_id=member_id, now=now) if steps else 0,
        held=_held(membership),
        rules=Rules(member.program.tier_period, member.program.zone, member.program.tier_grace_days),
        now=now,
    )
    if verdict is None:
        return None
    tier = ladder[verdict.step.tier_id]
    _place(member=member, account=account, tier=tier, membership=membership, falls_at=verdict.falls_at, now=now)
    return tier


@transaction.atomic
def assign(*, member_id: int, tier: Tier, lock: bool, now: datetime) -> bool:
    """Puts a member on a tier by hand, and locks them there if asked.

    Without a lock it lasts until a recalculation disagrees and their time there is over.

    Returns:
        Whether the tier changed; already there is no change.
    """
    account = lock_account(account_id=account_id_of(member_id=member_id))
    member = Member.objects.select_related("program").get(pk=member_id)
    membership = _membership(member)
    changed = membership is None or membership.tier_id != tier.pk
    _place(member=member, account=account, tier=tier, membership=membership, falls_at=None, now=now)
    TierMembership.objects.filter(member=member).update(is_locked=lock)
    return changed


@transaction.atomic
def merge_standing(*, from_member_id: int, into_member_id: int, now: datetime) -> Tier | None:
    """Takes over what a member who is merged away was given for tiers, and judges the survivor afresh.

    A lock by hand stays with whom it was given to: the survivor. A repeat changes nothing.
    """
    account = lock_account(account_id=account_id_of(member_id=into_member_id))
    had = TierEntryGrant.objects.filter(member_id=into_member_id).values_list("tier_id", flat=True)
    TierEntryGrant.objects.filter(member_id=from_member_id).exclude(tier_id__in=list(had)).update(
        member_id=into_member_id
    )
    TierMembership.objects.filter(member_id=from_member_id).delete()
    return requalify(member_id=account.member_id, now=now)


def _membership(member: Member) -> TierMembership | None:
    found: TierMembership | None = TierMembership.objects.select_related("tier").filter(member=member).first()
    return found


def _held(membership: TierMembership | None) -> Held | None:
    if membership is None:
        return None
    step = Step(membership.tier_id, membership.tier.threshold)
    return Held(step, membership.reached_at, membership.falls_at)


def _place(
    *,
    member: Member,
    account: Account,
    tier: Tier,
    membership: TierMembership | None,
    falls_at: datetime | None,
    now: datetime,
) -> None:
    """Writes where a member stands and tells of it; the caller holds the account's lock."""
    if membership is None:
        TierMembership.objects.create(
            program_id=member.program_id, member=member, tier=tier, reached_at=now, falls_at=falls_at
        )
        return
    if membership.tier_id == tier.pk:
        if membership.falls_at != falls_at:
            membership.falls_at = falls_at
            membership.save(update_fields=["falls_at"])
        return
    previous = membership.tier
    is_up = tier.threshold > previous.threshold
    membership.tier, membership.reached_at, membership.falls_at = tier, now, falls_at
    membership.save()
    append(
        program_id=member.program_id,
        kind=EventKind.TIER_CHANGED,
        member_id=member.pk,
        sequence=account.sequence,
        payload={
            "previous_tier": previous.name,
            "new_tier": tier.name,
            "direction": "up" if is_up else "down",
            "lifetime": account.lifetime,
        },
        now=now,
    )
    if is_up:
        _give_entry_points(member=member, account=account, tier=tier, now=now)


def _give_entry_points(*, member: Member, account: Account, tier: Tier, now: datetime) -> None:
    """Gives a tier's entry points to who takes part, once per member and tier for ever.

    They do not count towards tiers: a present for rising must not lift further.
    """
    program: Program = member.program
    takes_part = program.is_enabled and program.is_open_to(member.email) and not member.is_excluded
    if tier.entry_points == 0 or not takes_part:
        return
    grant, is_new = TierEntryGrant.objects.get_or_create(
        member=member,
        tier=tier,
        defaults={"program_id": program.pk, "points": tier.entry_points, "granted_at": now},
    )
    if not is_new:
        return
    about = {"tier_id": tier.public_id, "tier_name": tier.name, "note": f"Welcome to {tier.name}"}
    accrue(
        program_id=program.pk,
        account_id=account.pk,
        key=f"tier:{tier.pk}:{member.pk}",
        points=grant.points,
        source="tier",
        now=now,
        expires_at=end_of_day_after(now, days=program.expiry_days, zone=program.zone) if program.expiry_days else None,
        counts_lifetime=False,
        details=about,
        event={**about, "source": "tier", "rule_name": None},
    )
