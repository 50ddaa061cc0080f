"""Who would stand where on a ladder that is a draft, of the members whose orders are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from loyalty.backtesting.cases import Rung, Scheme
from loyalty.orders.models import Order
from loyalty.programs.models import Program
from loyalty.tiers import queries as tiers
from loyalty.tiers.qualification import Step, reached
from loyalty.tiers.standing import figures_of_all
from loyalty.tiers.terms import Ladder

CHUNK = 1_000
"""Members whose figures are read in one statement."""


def with_ladder(scheme: Scheme, *, program: Program, ladder: Ladder, orders: QuerySet[Order], now: datetime) -> Scheme:
    """Returns the scheme with a ladder that is a draft, and on it the members whom that would move.

    A member moves when their figure of today reaches another tier than it does now; who is kept by a lock or by days of
    grace stays, as long as the draft does not ask otherwise. Falls count as if their time had come.

    Args:
        orders: Whose members are asked about.
    """
    present = {tier.public_id: tier for tier in tiers.ladder()}
    numbers = {
        place: present[terms.public_id].pk if terms.public_id else -1 - place
        for place, terms in enumerate(ladder.tiers)
    }
    draft = Program.objects.get(pk=program.pk)
    ladder.apply_to(draft)  # in hand only
    steps = [Step(numbers[place], terms.threshold) for place, terms in enumerate(ladder.tiers)]
    before = [Step(tier.pk, tier.threshold) for tier in present.values()]
    placed: dict[int, int] = {}
    for members in _movable(orders):
        today = figures_of_all(program=program, member_ids=members, now=now)
        then = figures_of_all(program=draft, member_ids=members, now=now)
        placed.update(_moved(members, (before, today), (steps, then)))
    rungs = {numbers[place]: Rung(terms.name, terms.multiplier) for place, terms in enumerate(ladder.tiers)}
    return replace(scheme, tiers=rungs, placed=placed)


def _movable(orders: QuerySet[Order]) -> Iterator[Sequence[int]]:
    """The members of some orders in chunks; a lock keeps its member wherever they stand."""
    theirs = orders.filter(member__isnull=False).exclude(member__tier_membership__is_locked=True)
    found = list(theirs.order_by("member_id").values_list("member_id", flat=True).distinct())
    for first in range(0, len(found), CHUNK):
        yield found[first : first + CHUNK]


def _moved(
    members: Sequence[int],
    today: tuple[Sequence[Step], Mapping[int, int]],
    draft: tuple[Sequence[Step], Mapping[int, int]],
) -> dict[int, int]:
    """Who reaches another tier on the draft than today, and which."""
    moved = {}
    for member in members:
        here, there = (reached(steps, figures[member]) for steps, figures in (today, draft))
        if there is not None and (here is None or here.tier_id != there.tier_id):
            moved[member] = there.tier_id
    return moved
