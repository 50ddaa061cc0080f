"""What may be asked of tiers from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from loyalty.ledger.qualifying import Members
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.tiers.errors import TierNotFound
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.qualification import Step, next_above
from loyalty.tiers.standing import Rung, figure_of, figures_of_all, moves, out_of_place
from loyalty.tiers.terms import Ladder, check_ladder

__all__ = [
    "Misplaced",
    "Move",
    "Progress",
    "figure_of",
    "ladder",
    "members_per_tier",
    "misplaced",
    "misplaced_among",
    "preview",
    "progress",
    "progress_of_all",
    "tier_named",
    "tier_of",
]

CHUNK = 10_000
"""Members that one look of the nightly sweep judges."""


def ladder() -> QuerySet[Tier]:
    """Returns every tier of the programme in scope, lowest first."""
    tiers: QuerySet[Tier] = Tier.objects.order_by("threshold")
    return tiers


def tier_named(*, name: str) -> Tier:
    """Returns the tier of exactly this name.

    Raises:
        TierNotFound: There is none; one that differs in case only is named.
    """
    tiers = list(ladder())
    found = next((tier for tier in tiers if tier.name == name), None)
    if found is None:
        raise TierNotFound(
            name, meant=next((each.name for each in tiers if each.name.casefold() == name.casefold()), None)
        )
    return found


def members_per_tier() -> dict[int, int]:
    """Returns how many members stand on each tier, by its pk; tiers on which nobody stands are left out."""
    return dict(TierMembership.objects.order_by().values_list("tier_id").annotate(number=Count("*")))


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


def progress_of_all(*, program: Program, member_ids: Sequence[int], now: datetime) -> dict[int, Progress]:
    """Returns the standing of each of some members, in three statements however many there are; see `progress`."""
    tiers = list(ladder())
    by_id = {tier.pk: tier for tier in tiers}
    held = dict(TierMembership.objects.filter(member_id__in=member_ids).values_list("member_id", "tier_id"))
    figures = figures_of_all(program=program, member_ids=member_ids, now=now) if tiers else {}
    return {
        each: progress(tiers=tiers, held=by_id.get(held[each]) if each in held else None, figure=figures.get(each, 0))
        for each in member_ids
    }


def progress(*, tiers: Sequence[Tier], held: Tier | None, figure: int) -> Progress:
    """Returns a standing, given the ladder, the tier a member stands on and the figure that qualifies (`figure_of`).

    The next tier is the next above the one they stand on: a figure that no longer pays for that one counts from below it.
    """
    above = {tier.pk: tier for tier in tiers if held is None or tier.threshold > held.threshold}
    step = next_above([Step(tier.pk, tier.threshold) for tier in above.values()], figure)
    return Progress(
        tier=held,
        next_tier=above[step.tier_id] if step else None,
        missing=step.threshold - figure if step else 0,
    )


@dataclass(frozen=True, slots=True)
class Move:
    """How many members a ladder would move from one tier (None: from nowhere) to another, by name."""

    from_tier: str | None
    to_tier: str
    members: int


def preview(*, program: Program, ladder: Ladder, now: datetime) -> list[Move]:
    """Returns, per pair of tiers, how many members `operations.change_ladder` would move; writes nothing.

    Downward moves are counted whether they would happen at once or when the period and the grace days are over.

    Raises:
        InvalidField: As `change_ladder` would.
        NotFound: As `change_ladder` would.
    """
    present = dict(Tier.objects.values_list("public_id", "pk"))
    check_ladder(ladder, present=present)
    draft = Program.objects.get(pk=program.pk)
    ladder.apply_to(draft)  # in hand only
    ordered = sorted(ladder.tiers, key=lambda tier: tier.threshold)
    rungs = [Rung(present[tier.public_id] if tier.public_id else None, tier.threshold) for tier in ordered]
    found = moves(program=draft, ladder=rungs, now=now)
    names = [tier.name for tier in ordered]
    return [Move(None if held is None else names[held], names[deserved], count) for held, deserved, count in found]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Members who stand where they do not belong, the last one looked at (None: there was nobody left), and how many were."""

    member_ids: list[int]
    last: int | None
    looked_at: int = 0


def misplaced(*, program: Program, now: datetime, after: int = 0, limit: int = CHUNK) -> Misplaced:
    """Returns, of the next `limit` living members after `after`, those who stand elsewhere than their figures say.

    Those who lost a tier and may stay for a while are named when that while must be noted and when it is over.
    """
    looked = list(Member.objects.living().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
    if not looked:
        return Misplaced([], None)
    return Misplaced(_misplaced(program, Members(looked[0], looked[-1]), now), looked[-1], len(looked))


def misplaced_among(*, program: Program, member_ids: Sequence[int], now: datetime) -> list[int]:
    """Returns those of some members who stand where they do not belong; see `misplaced`."""
    return _misplaced(program, Members(only=member_ids), now) if member_ids else []


def _misplaced(program: Program, members: Members, now: datetime) -> list[int]:
    wrong = out_of_place(program=program, ladder=ladder(), members=members, now=now)
    return [standing.member_id for standing, _ in wrong]
