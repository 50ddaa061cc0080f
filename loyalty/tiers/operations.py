"""What may happen to tiers: the ladder is edited, members are placed on it.

A member's tier only changes under their account's lock, so that an award sees one tier from its check to its write.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.qualification import Step, reached

MAX_TIERS = 10


def create_tier(
    *,
    program: Program,
    name: str,
    threshold: int,
    multiplier: Decimal,
    now: datetime,
    badge_color: str | None = None,
    description: str | None = None,
) -> Tier:
    """Adds a step to the ladder. Nobody moves until they are next recalculated.

    Args:
        threshold: In the unit of the programme's entry method, 0 or more; 0 is the base tier.
        multiplier: Factor on earned points, 0 or more.

    Raises:
        InvalidField: A tier of that name or threshold exists, or there are ten already.
    """
    if Tier.objects.count() >= MAX_TIERS:
        raise InvalidField("name", f"A programme has at most {MAX_TIERS} tiers")
    if Tier.objects.filter(name__iexact=name).exists():
        raise InvalidField("name", f"A tier named '{name}' exists already")
    if Tier.objects.filter(threshold=threshold).exists():
        raise InvalidField("threshold", f"A tier at {threshold} exists already")
    return Tier.objects.create(
        program=program, public_id=new_public_id("tier"), name=name, threshold=threshold, multiplier=multiplier,
        badge_color=badge_color, description=description, created_at=now, updated_at=now,
    )  # fmt: skip


@transaction.atomic
def requalify(*, member_id: int, now: datetime) -> Tier | None:
    """Places a member where their figures put them, unless they are locked; a repeat changes nothing.

    The first placement (enrolment) announces nothing; every later change writes `tier.changed`.

    Returns:
        The tier the member is on now; None when the programme has none.
    """
    account = lock_account(account_id=account_id_of(member_id=member_id))
    member = Member.objects.select_related("program").get(pk=member_id)
    ladder = {tier.pk: tier for tier in Tier.objects.all()}
    membership = TierMembership.objects.select_related("tier").filter(member=member).first()
    if membership is not None and membership.is_locked:
        return membership.tier
    # Spend and order counts arrive with order webhooks; until a programme has them, its members stay on the base tier.
    figure = account.lifetime if member.program.tier_entry == Program.TierEntry.POINTS else 0
    step = reached([Step(tier.pk, tier.threshold) for tier in ladder.values()], figure)
    if step is None:
        return None
    tier = ladder[step.tier_id]
    place(
        member=member, tier=tier, lifetime=account.lifetime, sequence=account.sequence, membership=membership, now=now
    )
    return tier


def place(
    *,
    member: Member,
    tier: Tier,
    lifetime: int,
    sequence: int,
    membership: TierMembership | None,
    now: datetime,
) -> None:
    """Writes where a member stands and tells of it. The caller holds the account's lock."""
    if membership is None:
        TierMembership.objects.create(program_id=member.program_id, member=member, tier=tier, reached_at=now)
        return
    if membership.tier_id == tier.pk:
        return
    previous = membership.tier
    membership.tier, membership.reached_at = tier, now
    membership.save()
    append(
        program_id=member.program_id,
        kind=EventKind.TIER_CHANGED,
        member_id=member.pk,
        sequence=sequence,
        payload={
            "previous_tier": previous.name,
            "new_tier": tier.name,
            "direction": "up" if tier.threshold > previous.threshold else "down",
            "lifetime": lifetime,
        },
        now=now,
    )


@transaction.atomic
def assign(*, member_id: int, tier: Tier, lock: bool, now: datetime) -> bool:
    """Puts a member on a tier by hand, and locks them there if asked.

    Returns:
        Whether the tier changed; already there is no change.
    """
    account = lock_account(account_id=account_id_of(member_id=member_id))
    member = Member.objects.get(pk=member_id)
    membership = TierMembership.objects.select_related("tier").filter(member=member).first()
    changed = membership is None or membership.tier_id != tier.pk
    place(
        member=member, tier=tier, lifetime=account.lifetime, sequence=account.sequence, membership=membership, now=now
    )
    TierMembership.objects.filter(member=member).update(is_locked=lock)
    return changed
