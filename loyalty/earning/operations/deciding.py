"""Deciding by hand about pending awards: chosen ones at once, or everything that waits by a recorded run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from loyalty.deciding import Decided, decide_each
from loyalty.earning.errors import StillDeciding
from loyalty.earning.operations.approval import approve, reject
from loyalty.earning.queries import waiting
from loyalty.nudging import nudge_after_commit
from loyalty.programs.models import Program, ScheduledRun
from loyalty.programs.scheduling import Step, open_run

DECIDE_ALL = "decide_all"
"""The run's name."""
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about everything that waits, as staff made it.

    Attributes:
        rule: The public id of the rule it is confined to; "" for none.
        member_id: The member it is confined to; None for nobody.
        reason: Why they are rejected, up to 200 characters; kept with each award.
        actor: Which of the staff decides; kept with each rejection.
    """

    approving: bool
    rule: str = ""
    member_id: int | None = None
    reason: str = ""
    actor: str = ""


def decide(*, public_ids: Iterable[str], approving: bool, now: datetime, reason: str = "", actor: str = "") -> Decided:
    """Approves or rejects pending awards, each in a transaction of its own: one that can't be decided stops no other.

    A repeat changes nothing: an award that is already so counts as done.

    Args:
        reason: Why they are rejected, up to 200 characters; kept with each award.
        actor: Which of the staff decides; kept with each rejection.
    """
    if approving:
        return decide_each(public_ids, lambda public_id: approve(public_id=public_id, now=now))
    return decide_each(
        public_ids, lambda public_id: reject(public_id=public_id, now=now, reason=reason[:200], actor=actor)
    )


@transaction.atomic
def begin_deciding(*, program_id: int, verdict: Verdict, now: datetime) -> None:
    """Begins to decide about all that waits now; what comes to wait later is not concerned. A repeat is no change.

    Raises:
        StillDeciding: Another such decision is being carried out.
    """
    last = waiting(rule=verdict.rule, member_id=verdict.member_id).order_by("-pk").values_list("pk", flat=True).first()
    terms = {**asdict(verdict), "reason": verdict.reason[:200], "last": last or 0}
    run = open_run(program_id=program_id, name=DECIDE_ALL, now=now, terms=terms)
    if {**run.terms, "last": 0} != {**terms, "last": 0}:
        raise StillDeciding
    nudge_after_commit("loyalty.earning.tasks.decide_all")


def decide_some(program: Program, cursor: str, now: datetime) -> Step:
    """Decides about the next of what waits. Safe to repeat, and to run twice at once.

    Args:
        cursor: Our number of the award that was decided last; "" at the beginning.
    """
    terms: dict[str, Any] = ScheduledRun.objects.get(name=DECIDE_ALL, finished_at=None).terms
    found = waiting(rule=terms["rule"], member_id=terms["member_id"])
    found = found.filter(pk__gt=int(cursor or 0), pk__lte=terms["last"]).order_by("pk")
    chosen = list(found.values_list("pk", "public_id")[:AT_ONCE])
    if not chosen:
        return Step(None)
    decided = decide(
        public_ids=[public_id for _, public_id in chosen], approving=terms["approving"], reason=terms["reason"],
        actor=terms["actor"], now=now,
    )  # fmt: skip
    return Step(str(chosen[-1][0]), {"done": decided.done, "refused": len(decided.refused)})
