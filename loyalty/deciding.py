"""Deciding many things by hand at once: each alone, so that one that can't be decided stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from loyalty.errors import Refusal

MOST_AT_ONCE = 200
"""Things one call decides."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many were decided, and why the others were not, each by its public id."""

    done: int
    refused: tuple[tuple[str, str], ...]


def decide_each(public_ids: Iterable[str], decide: Callable[[str], object]) -> Decided:
    """Decides each thing once, in the order given.

    Args:
        decide: Decides one by its public id, in a transaction of its own; a refusal is noted.
    """
    done, refused = 0, []
    for public_id in list(dict.fromkeys(public_ids))[:MOST_AT_ONCE]:
        try:
            decide(public_id)
            done += 1
        except Refusal as refusal:
            refused.append((public_id, refusal.sentence))
    return Decided(done, tuple(refused))
