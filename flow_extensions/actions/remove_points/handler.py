"""Flow action "Remove points": takes points away, and stops at 0."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import once
from flow_extensions.actions.runs import Run
from loyalty.earning.operations import adjust_points
from loyalty.members.queries import member
from loyalty.programs.models import Program


def remove_points(run: Run, now: datetime) -> bytes:
    """Removes the points, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was removed, for a reason the merchant reads in the run log.
    """
    customer_id = run.customer_id()
    points = run.points("pointsToRemove", label="Points to remove")
    reason = run.text("reason", label="Reason", longest=1000)
    assert points is not None

    def work(_program: Program) -> Mapping[str, Any]:
        who = member(identifier=str(customer_id))
        done = adjust_points(member=who, points=-points, source="flow", note=reason, now=now)
        taken = done.points_before - done.points_after
        return {"status": "removed" if taken else "unchanged", "points": taken, "pointsBalance": done.points_after}

    return once(run, now, work)
