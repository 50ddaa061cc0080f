"""Approving and rejecting by hand, singly and in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from loyalty.earning.operations.approval import approve, reject
from loyalty.errors import Refusal

MOST_AT_ONCE = 200
"""Awards one call decides."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many awards were decided, and why the others were not, each by its public id."""

    done: int
    refused: tuple[tuple[str, str], ...]


def decide(*, public_ids: Iterable[str], approving: bool, now: datetime, reason: str = "") -> Decided:
    """Approves or rejects pending awards, each in a transaction of its own: one that can't be decided stops no other.

    A repeat changes nothing: an award that is already so counts as done.

    Args:
        reason: Why they are rejected, up to 200 characters; kept with each award.
    """
    done, refused = 0, []
    for public_id in list(dict.fromkeys(public_ids))[:MOST_AT_ONCE]:
        try:
            if approving:
                approve(public_id=public_id, now=now)
            else:
                reject(public_id=public_id, now=now, reason=reason[:200])
            done += 1
        except Refusal as refusal:
            refused.append((public_id, refusal.sentence))
    return Decided(done, tuple(refused))
