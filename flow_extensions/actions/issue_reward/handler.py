"""Flow action "Issue reward": gives a member one of the shop's rewards for nothing, once per run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import occurrence_of, once
from flow_extensions.actions.runs import Run
from loyalty.instants import instant
from loyalty.members.queries import member
from loyalty.programs.models import Program
from loyalty.rewards.operations import issue_free


def issue_reward(run: Run, now: datetime) -> bytes:
    """Gives the reward, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was given, for a reason the merchant reads in the run log.
    """
    customer_id = run.customer_id()
    reward_id = run.text("reward_id", label="Reward id", longest=40)

    def work(_program: Program) -> Mapping[str, Any]:
        given, _ = issue_free(
            member=member(identifier=str(customer_id)),
            reward_id=reward_id,
            occurrence=occurrence_of(run),
            source="flow",
            now=now,
        )
        return {
            "status": "issued",
            "rewardName": given.terms["reward_name"],
            "discountCode": given.code or "",
            "redemptionId": given.public_id,
            "expiresAt": instant(given.expires_at) or "",
        }

    return once(run, now, work)
