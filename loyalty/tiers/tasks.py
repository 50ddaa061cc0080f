"""What runs later in tiers: members whose figure and tier disagree are placed where the figure puts them."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, round_began, run
from loyalty.tiers import operations, queries
from loyalty.tiers.models import Tier

_log = logging.getLogger(__name__)
CHUNK = 2_000
"""Members that one step judges."""


@shared_task
def requalify_sweep(begun: str | None = None, **_: Any) -> None:
    """Requalifies, in every shop with tiers, the members who stand elsewhere than their figure says; each under its lock.

    Awards and orders place a member at once; what is left for this is a ladder that was edited, periods that ended, and
    grace days that are over. Safe to run twice at once; a task whose time is up leaves the rest to another.
    """
    started = round_began(begun, now=timezone.now())
    with scopes_disabled():
        programs = list(Tier.objects.order_by("program_id").values_list("program_id", flat=True).distinct())
    if not run(name="requalify", programs=programs, work=requalify_some, clock=timezone.now, begun=started):
        requalify_sweep.delay(begun=started.isoformat())


def requalify_some(program: Program, cursor: str, now: datetime) -> Step:
    """Judges the next members; one who cannot be placed is logged and left for the next night."""
    found = queries.misplaced(program=program, now=now, after=int(cursor or 0), limit=CHUNK)
    placed = 0
    for member_id in found.member_ids:
        try:
            operations.requalify(member_id=member_id, now=now)
            placed += 1
        except Exception:  # whatever it is, it must not keep the others where they do not belong
            _log.exception("member %s could not be placed", member_id)
    return Step(None if found.last is None else str(found.last), {"placed": placed})
