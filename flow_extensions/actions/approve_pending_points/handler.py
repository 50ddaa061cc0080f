"""Flow action "Approve pending points": one award of a customer that waits for approval, or all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import once
from flow_extensions.actions.runs import Run
from loyalty.earning import queries
from loyalty.earning.models import Award
from loyalty.earning.operations import approve
from loyalty.errors import NotFound
from loyalty.ledger.queries import balances_of
from loyalty.members.queries import member
from loyalty.programs.models import Program


def approve_pending_points(run: Run, now: datetime) -> bytes:
    """Approves what waits, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was approved, for a reason the merchant reads in the run log.
    """
    customer_id = run.customer_id()
    award_id = run.text("award_id", label="Award id", required=False, longest=40)

    def work(_program: Program) -> Mapping[str, Any]:
        who = member(identifier=str(customer_id))
        waiting = queries.waiting().filter(member=who)
        if award_id and not queries.awards_of(member_id=who.pk).filter(public_id=award_id).exists():
            raise NotFound(f"This customer has no award '{award_id}'")
        chosen = waiting.filter(public_id=award_id) if award_id else waiting
        done = [approve(public_id=public_id, now=now) for public_id in chosen.values_list("public_id", flat=True)]
        points = sum(award.points for award in done if award.status == Award.Status.APPROVED)
        return {
            "status": "approved" if done else "unchanged",
            "awards": len(done),
            "points": points,
            "pointsBalance": balances_of(member_id=who.pk, now=now).available,
        }

    return once(run, now, work)
