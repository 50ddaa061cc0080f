"""Placing a whole shop's members in sets, a part at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loyalty.programs.models import Program
from loyalty.tiers.operations.placing import requalify_all
from loyalty.tiers.queries import misplaced

_log = logging.getLogger(__name__)
LOOKED_AT = 5_000
"""Members that one step judges, without a lock."""
LOCKED = 1_000
"""Members who are placed together: their accounts are locked for less than a second."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What one step did: members judged and placed; `last` begins the next step, None ends it."""

    last: int | None
    judged: int = 0
    placed: int = 0


def place_some(*, program: Program, now: datetime, after: int = 0, limit: int = LOOKED_AT) -> Placed:
    """Places, of the next members of the programme in scope, those who stand elsewhere than their figures say.

    Safe to run twice at once. A member who cannot be placed is logged and left for the next night; they hold nobody up.

    Args:
        after: The last member of the step before; 0 at the beginning.
    """
    found = misplaced(program=program, now=now, after=after, limit=limit)
    placed = sum(
        _place(found.member_ids[first : first + LOCKED], now) for first in range(0, len(found.member_ids), LOCKED)
    )
    return Placed(found.last, found.looked_at, placed)


def _place(member_ids: Sequence[int], now: datetime) -> int:
    try:
        return requalify_all(member_ids=member_ids, now=now)
    except Exception:  # whatever it is, it must not keep the others where they do not belong
        _log.exception("a set of %s members could not be placed at once", len(member_ids))
    placed = 0
    for member_id in member_ids:
        try:
            placed += requalify_all(member_ids=[member_id], now=now)
        except Exception:
            _log.exception("member %s could not be placed", member_id)
    return placed
