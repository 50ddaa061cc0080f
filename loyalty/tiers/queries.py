"""What may be asked of tiers from outside."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.qualification import Step, next_above


def ladder() -> QuerySet[Tier]:
    """Returns every tier of the programme in scope, lowest first."""
    tiers: QuerySet[Tier] = Tier.objects.order_by("threshold")
    return tiers


def tier_of(*, member_id: int) -> Tier | None:
    """Returns the tier a member stands on."""
    membership = TierMembership.objects.select_related("tier").filter(member_id=member_id).first()
    return membership.tier if membership else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands: the tier, the next one and what is missing to it, in the unit of the entry method."""

    tier: Tier | None
    next_tier: Tier | None
    missing: int


def progress_of(*, member_id: int, figure: int) -> Progress:
    """Returns a member's standing, given the figure that qualifies (lifetime points, spend or orders)."""
    tiers = {tier.pk: tier for tier in ladder()}
    step = next_above([Step(tier.pk, tier.threshold) for tier in tiers.values()], figure)
    return Progress(
        tier=tier_of(member_id=member_id),
        next_tier=tiers[step.tier_id] if step else None,
        missing=step.threshold - figure if step else 0,
    )


def misplaced() -> list[int]:
    """Returns members of the programme in scope who stand elsewhere than their lifetime points put them.

    Locked members stay where they are. Only a ladder by points is judged; other figures come with orders.
    """
    reached = Tier.objects.filter(threshold__lte=OuterRef("account__lifetime")).order_by("-threshold").values("pk")[:1]
    judged = Member.objects.living().filter(program__tier_entry=Program.TierEntry.POINTS)
    judged = judged.exclude(tier_membership__is_locked=True).annotate(reached=Subquery(reached))
    elsewhere = Q(tier_membership=None) | ~Q(tier_membership__tier_id=F("reached"))
    members = judged.filter(elsewhere, Q(reached__isnull=False)).order_by("pk")
    return [member.pk for member in members.iterator()]
