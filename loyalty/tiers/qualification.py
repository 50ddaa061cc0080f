"""Which tier a figure reaches: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: the tier's id and its threshold, in the unit of the programme's entry method."""

    tier_id: int
    threshold: int


def reached(ladder: Iterable[Step], figure: int) -> Step | None:
    """Returns the highest step whose threshold is at most `figure`; None only when the ladder is empty.

    A ladder without a step at 0 still has a base: its lowest step, on which everybody starts.
    """
    steps = sorted(ladder, key=lambda step: step.threshold)
    below = [step for step in steps if step.threshold <= figure]
    return below[-1] if below else (steps[0] if steps else None)


def next_above(ladder: Iterable[Step], figure: int) -> Step | None:
    """Returns the lowest step still above `figure`, or None at the top."""
    return min((step for step in ladder if step.threshold > figure), key=lambda step: step.threshold, default=None)
