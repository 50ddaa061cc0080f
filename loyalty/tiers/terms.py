"""A ladder as somebody wants it, and what must hold of it: values and their rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program

MAX_TIERS, MAX_GRACE_DAYS, MAX_MULTIPLIER, MAX_THRESHOLD = 10, 90, 100, 10**12


@dataclass(frozen=True, slots=True)
class TierTerms:
    """A tier as it shall be; `public_id` None is a new one.

    Attributes:
        threshold: In the unit of the entry method (points, whole currency units, orders); 0 is the base tier.
        multiplier: Factor on earned points, 0 to 100, up to three decimal places.
        entry_points: Whole points for rising to it the first time; none for the base tier.
    """

    name: str
    threshold: int
    multiplier: Decimal = Decimal(1)
    entry_points: int = 0
    public_id: str | None = None
    description: str | None = None
    badge_color: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The whole ladder as it shall be: how it is entered, in which period, and every tier of it."""

    tiers: Sequence[TierTerms]
    entry: str
    period: str
    grace_days: int
    multiplier_scope: str

    def apply_to(self, program: Program) -> None:
        """Writes the settings onto a programme in hand; saving it is the caller's."""
        program.tier_entry, program.tier_period = self.entry, self.period
        program.tier_grace_days, program.tier_multiplier_scope = self.grace_days, self.multiplier_scope


def check_ladder(ladder: Ladder, *, present: Collection[str]) -> None:
    """Checks a whole ladder against the public ids of the tiers there are.

    Raises:
        InvalidField: A setting or a tier breaks a rule, or a present tier is left out; the field is named.
        NotFound: A tier is named that there is not.
    """
    choices = (
        ("entry", ladder.entry, Program.TierEntry, "Choose points, amount spent or orders"),
        ("period", ladder.period, Program.TierPeriod, "Choose the lifetime, the calendar year or the last 365 days"),
        ("multiplier_scope", ladder.multiplier_scope, Program.MultiplierScope, "Choose what a tier multiplies"),
    )
    for field, value, known, sentence in choices:
        if value not in known.values:
            raise InvalidField(field, sentence)
    if not 0 <= ladder.grace_days <= MAX_GRACE_DAYS:
        raise InvalidField("grace_days", _("Grace lasts 0 to %(most)s days") % {"most": MAX_GRACE_DAYS})
    named = [tier.public_id for tier in ladder.tiers if tier.public_id is not None]
    for public_id in named:
        if public_id not in present:
            raise NotFound(_("VIP tier '%(public_id)s' not found") % {"public_id": public_id})
    if len(set(named)) != len(named) or len(named) != len(present):
        raise InvalidField("tiers", _("Name every present tier once; a tier is deleted on its own"))
    check_tiers(ladder.tiers)
    if all(tier.threshold for tier in ladder.tiers):
        raise InvalidField("threshold", _("One tier is the base, with threshold 0"))


def check_tiers(tiers: Sequence[TierTerms]) -> None:
    """Checks what holds of all tiers together.

    Raises:
        InvalidField: A name or threshold is taken, there are more than ten, or a figure is out of range.
    """
    if len(tiers) > MAX_TIERS:
        raise InvalidField("name", _("A programme has at most %(most)s tiers") % {"most": MAX_TIERS})
    names: set[str] = set()
    thresholds: set[int] = set()
    for tier in tiers:
        name = tier.name.strip()
        if not 0 < len(name) <= 100:
            raise InvalidField("name", _("A tier has a name of 1 to 100 characters"))
        if name.casefold() in names:
            raise InvalidField("name", _("A tier named '%(name)s' exists already") % {"name": name})
        if not 0 <= tier.threshold <= MAX_THRESHOLD:
            raise InvalidField("threshold", _("A threshold is a whole number; only the base tier's is 0"))
        if tier.threshold in thresholds:
            raise InvalidField("threshold", _("A tier at %(threshold)s exists already") % {"threshold": tier.threshold})
        if not 0 <= tier.multiplier <= MAX_MULTIPLIER or tier.multiplier != round(tier.multiplier, 3):
            raise InvalidField("multiplier", _("A multiplier is 0 to 100 with up to three decimal places"))
        if not 0 <= tier.entry_points <= min(MAX_POINTS, 2**31 - 1) or (tier.threshold == 0 and tier.entry_points):
            raise InvalidField("entry_points", _("Entry points are a whole number; the base tier gives none"))
        names.add(name.casefold())
        thresholds.add(tier.threshold)
