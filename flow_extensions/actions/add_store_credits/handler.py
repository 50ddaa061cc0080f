"""Flow action "Add store credits": money on a member's store credit account, once per run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import in_places, occurrence_of, once
from flow_extensions.actions.runs import Run
from loyalty.members.queries import member
from loyalty.programs.models import Program
from loyalty.rewards.operations import issue_credit


def add_store_credits(run: Run, now: datetime) -> bytes:
    """Begins to add the credit, which the worker gives within moments, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing is added, for a reason the merchant reads in the run log.
    """
    customer_id = run.customer_id()
    asked = run.amount("storeCreditsToAdd", label="Store credits to add")
    reason = run.text("reason", label="Reason", longest=200)

    def work(program: Program) -> Mapping[str, Any]:
        amount = in_places(asked, currency=program.currency, label="Store credits to add")
        given, _ = issue_credit(
            member=member(identifier=str(customer_id)), amount=amount, name=reason, occurrence=occurrence_of(run),
            source="flow", now=now,
        )  # fmt: skip
        return {
            "status": "added",
            "credits": float(amount),
            "currency": program.currency,
            "redemptionId": given.public_id,
        }

    return once(run, now, work)
