"""Flow action "Remove store credits": money off a member's store credit account, once per run and never below zero.

Shopify is asked within the run; while its answer is not known, Flow is told to come back with the same run.
"""

from __future__ import annotations

from datetime import datetime

from django_scopes import scope

from flow_extensions.actions.keeping import answer, in_places, occurrence_of, program_of
from flow_extensions.actions.runs import Run
from loyalty.credits.operations import remove_credit
from loyalty.members.queries import member


def remove_store_credits(run: Run, now: datetime) -> bytes:
    """Removes the credit, and returns the answer's bytes: they follow from what was written down of the removal.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was removed, for a reason the merchant reads in the run log, or it is not known yet.
    """
    customer_id = run.customer_id()
    asked = run.amount("storeCreditsToRemove", label="Store credits to remove")
    reason = run.text("reason", label="Reason", longest=1000)
    program = program_of(run)
    amount = in_places(asked, currency=program.currency, label="Store credits to remove")
    with scope(program=program):
        done = remove_credit(
            program=program, member=member(identifier=str(customer_id)), amount=amount, occurrence=occurrence_of(run),
            reason=reason, source="flow", now=now,
        )  # fmt: skip
    value = {
        "status": "removed",
        "credits": float(done.amount),
        "currency": done.currency,
        "balance": float(done.balance_after),
    }
    return answer(value).encode()
