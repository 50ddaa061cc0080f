"""Which lots pay: oldest earned first, ties by id. Pure arithmetic over values in hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot with points left: `remaining` in whole points, more than 0."""

    id: int
    remaining: int
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """What one lot pays, in whole points, more than 0."""

    lot_id: int
    points: int


def first_in_first_out(lots: Iterable[OpenLot], points: int, *, before: int | None = None) -> list[Draw]:
    """Returns what each lot pays towards `points`, as far as the lots reach.

    Args:
        lots: The open lots of one account, in any order.
        points: Whole points to cover, 0 or more.
        before: Id of a lot that pays first, whatever its age: a reversal takes from its own award's lot.

    Returns:
        Draws in paying order; their sum is `points`, or everything there is.
    """
    ordered = sorted(lots, key=lambda lot: (lot.id != before, lot.earned_at, lot.id))
    draws: list[Draw] = []
    for lot in ordered:
        if points == 0:
            break
        taken = min(lot.remaining, points)
        draws.append(Draw(lot.id, taken))
        points -= taken
    return draws
