"""Which referrals a list shows: all, those of a state, or those that wait for a decision."""

from __future__ import annotations

from django.db.models import QuerySet

from loyalty.referrals import queries
from loyalty.referrals.models import Referral

NAMES = ("state",)
HELD = "held"
"""The filter that shows what waits for a decision."""


def of_state(found: QuerySet[Referral], state: str) -> tuple[QuerySet[Referral], str]:
    """Returns the referrals of a state, and the state; a word that means nothing is all of them, and nothing."""
    if state == HELD:
        return found.filter(queries.HELD), state
    if state in Referral.State.values:
        return found.filter(state=state), state
    return found, ""
