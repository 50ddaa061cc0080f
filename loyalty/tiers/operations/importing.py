"""Tiers as an import says them: placed and locked in sets, with nothing given; and put back where members stood before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from loyalty.ledger import operations as ledger
from loyalty.programs.models import Program
from loyalty.tenancy import program_in_scope
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.operations.moving import Manner, Placement, move


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a member stood before; `tier_id` None is nowhere. Instants in ISO 8601, as they are kept."""

    tier_id: int | None = None
    is_locked: bool = False
    reached_at: str | None = None
    falls_at: str | None = None

    def kept(self) -> dict[str, Any]:
        """Returns it as it is stored."""
        return asdict(self)


@transaction.atomic
def place_all(*, wanted: Mapping[int, int], now: datetime, manner: Manner) -> dict[int, Stood]:
    """Puts members on tiers, by their ids, and locks them there. Who stands there locked already is left out.

    Nothing is given on entry. Accounts are locked in the order of their ids until the caller's transaction ends.

    Returns:
        Where those who were placed stood before.
    """
    accounts = ledger.lock_accounts(member_ids=wanted)
    ladder = {tier.pk: tier for tier in Tier.objects.all()}
    present = {each.member_id: each for each in TierMembership.objects.filter(member_id__in=list(wanted))}
    before: dict[int, Stood] = {}
    placements: list[Placement] = []
    for member_id, tier_id in sorted(wanted.items()):
        held = present.get(member_id)
        if tier_id not in ladder or (held is not None and held.tier_id == tier_id and held.is_locked):
            continue
        before[member_id] = _stood(held)
        old = ladder[held.tier_id] if held is not None else None
        placements.append(Placement(accounts[member_id], old, ladder[tier_id], falls_at=None))
    move(program=Program.objects.get(pk=program_in_scope()), placements=placements, now=now, manner=manner)
    TierMembership.objects.filter(member_id__in=list(before)).update(is_locked=True)
    return before


@transaction.atomic
def put_back_all(*, stood: Mapping[int, Stood], placed: Mapping[int, int]) -> int:
    """Puts members back where they stood before an import, and returns how many; who was moved or unlocked since stays.

    Nobody is told, for nobody was told anything worth taking back: a new placement is the rules' affair again.

    Args:
        placed: The tier that the import gave each of them.
    """
    ledger.lock_accounts(member_ids=stood)
    ladder = set(Tier.objects.values_list("pk", flat=True))
    count = 0
    for held in TierMembership.objects.select_for_update().filter(member_id__in=list(stood)).order_by("pk"):
        before = stood[held.member_id]
        if held.tier_id != placed[held.member_id] or not held.is_locked:
            continue
        count += 1
        if before.tier_id not in ladder:
            held.delete()
            continue
        TierMembership.objects.filter(pk=held.pk).update(
            tier_id=before.tier_id, is_locked=before.is_locked, reached_at=before.reached_at, falls_at=before.falls_at
        )
    return count


def _stood(held: TierMembership | None) -> Stood:
    if held is None:
        return Stood()
    falls_at = held.falls_at.isoformat() if held.falls_at else None
    return Stood(held.tier_id, held.is_locked, held.reached_at.isoformat(), falls_at)
