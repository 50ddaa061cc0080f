"""Editing the ladder. Nobody moves while it is edited: awards and the sweep place members by it afterwards, in stages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound, Refusal
from loyalty.events import EventKind
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.programs.operations import tell_of_change
from loyalty.public_ids import new_public_id
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.terms import Ladder, TierTerms, check_ladder, check_tiers

_OUT_OF_THE_WAY = 10**15
"""Added to thresholds for a moment, so that two tiers may exchange theirs."""


class TierInUse(Refusal):
    """Members stand on the tier."""

    code = "tier_in_use"

    def __init__(self, members: int) -> None:
        super().__init__(
            _(
                "%(members)s members stand on this tier. Raise its threshold, wait until they have moved, then delete it."
            )
            % {"members": members},
            members=members,
        )


class TierNamed(Refusal):
    """Something is for the members of this tier only."""

    code = "tier_named"

    def __init__(self, names: str) -> None:
        super().__init__(
            _("%(names)s is for this tier only. Change that first, then delete the tier.") % {"names": names}
        )


@transaction.atomic
def create_tier(
    *,
    program: Program,
    name: str,
    threshold: int,
    multiplier: Decimal,
    now: datetime,
    entry_points: int = 0,
    badge_color: str | None = None,
    description: str | None = None,
) -> Tier:
    """Adds a step to the ladder. Nobody moves until they are next recalculated. See `TierTerms` for units.

    Raises:
        InvalidField: A tier of that name or threshold exists, there are ten already, or a figure is out of range.
    """
    wanted = TierTerms(name, threshold, multiplier, entry_points, None, description, badge_color)
    present = [
        TierTerms(tier.name, tier.threshold, tier.multiplier, tier.entry_points) for tier in Tier.objects.order_by("pk")
    ]
    check_tiers([*present, wanted])
    tier = _create(program, wanted, now)
    tell_of_change(program_id=program.pk, of="tiers", now=now)
    return tier


@transaction.atomic
def change_ladder(*, program_id: int, ladder: Ladder, now: datetime) -> Program:
    """Replaces the ladder and its settings in one step; the sweep then moves members, each under their lock.

    Tiers keep their identity, and members their points and their history; who shows a renamed tier hears of it. A tier that
    is not named would have to be deleted first (`delete_tier`).

    Raises:
        InvalidField: A setting or a tier breaks a rule, or a present tier is left out; the field is named.
        NotFound: No such tier in this programme.
    """
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    check_ladder(ladder, present=Tier.objects.values_list("public_id", flat=True))
    starts_anew = (program.tier_entry, program.tier_period, program.tier_grace_days) != (
        ladder.entry, ladder.period, ladder.grace_days,
    )  # fmt: skip
    if starts_anew:  # what was noted about falling was noted under other rules
        _forget_falls(program_id)
    present = {tier.public_id: tier for tier in Tier.objects.select_for_update().order_by("pk")}
    check_ladder(ladder, present=present)  # again, now that nobody adds or deletes one
    ladder.apply_to(program)
    program.updated_at = now
    program.save(update_fields=["tier_entry", "tier_period", "tier_grace_days", "tier_multiplier_scope", "updated_at"])
    for tier in present.values():  # names and thresholds are unique at every instant
        Tier.objects.filter(pk=tier.pk).update(threshold=F("threshold") + _OUT_OF_THE_WAY, name=tier.public_id)
    for wanted in ladder.tiers:
        if wanted.public_id is None:
            _create(program, wanted, now)
            continue
        Tier.objects.filter(public_id=wanted.public_id).update(
            name=wanted.name.strip(), threshold=wanted.threshold, multiplier=wanted.multiplier,
            entry_points=wanted.entry_points, description=wanted.description, badge_color=wanted.badge_color, updated_at=now,
        )  # fmt: skip
        tier = present[wanted.public_id]
        if wanted.name.strip() != tier.name:
            append(
                program_id=program_id,
                kind=EventKind.TIER_RENAMED,
                member_id=None,
                payload={"tier_id": tier.pk},
                now=now,
            )
    tell_of_change(program_id=program_id, of="tiers", now=now)
    return program


def _forget_falls(program_id: int) -> None:
    """Places before tiers, and places in the order of members: as whoever moves members locks them (`moving`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH held AS MATERIALIZED (SELECT t.member_id FROM tiers_tiermembership t
                WHERE t.program_id = %s AND t.falls_at IS NOT NULL ORDER BY t.member_id FOR UPDATE)
            UPDATE tiers_tiermembership s SET falls_at = NULL FROM held h WHERE s.member_id = h.member_id""",
            [program_id],
        )


@transaction.atomic
def delete_tier(*, public_id: str, now: datetime) -> None:
    """Removes a tier on which nobody stands.

    Raises:
        NotFound: No such tier.
        InvalidField: It is the base tier.
        TierInUse: Members stand on it.
        TierNamed: Something else is for this tier only.
    """
    tier = Tier.objects.select_for_update().filter(public_id=public_id).first()
    if tier is None:
        raise NotFound(_("VIP tier '%(public_id)s' not found") % {"public_id": public_id})
    if tier.threshold == 0:
        raise InvalidField("threshold", _("The base tier cannot be deleted: everybody starts there"))
    if members := TierMembership.objects.filter(tier=tier).count():
        raise TierInUse(members)
    try:
        tier.delete()
    except ProtectedError as error:
        names = ", ".join(sorted(f"“{each}”" for each in error.protected_objects))
        raise TierNamed(names) from error
    tell_of_change(program_id=tier.program_id, of="tiers", now=now)


def _create(program: Program, wanted: TierTerms, now: datetime) -> Tier:
    tier: Tier = Tier.objects.create(
        program=program, public_id=new_public_id("tier"), name=wanted.name.strip(), threshold=wanted.threshold,
        multiplier=wanted.multiplier, entry_points=wanted.entry_points, badge_color=wanted.badge_color,
        description=wanted.description, created_at=now, updated_at=now,
    )  # fmt: skip
    return tier
