"""The log of calls that awarded nothing, which the merchant reads to find out why."""

from __future__ import annotations

from datetime import datetime

from django_scopes import scope

from loyalty.earning.models import ActionCall, EarningRule
from loyalty.members.models import Member

LOG_DAYS = 30
"""Days a line is kept."""


def record_call(
    *,
    program_id: int,
    door: str,
    action_key: str,
    customer: str,
    outcome: ActionCall.Outcome,
    code: str,
    sentence: str,
    now: datetime,
    rule: EarningRule | None = None,
    member: Member | None = None,
) -> ActionCall:
    """Writes one line: which key was called for whom, and why nothing came of it."""
    with scope(program=program_id):
        call: ActionCall = ActionCall.objects.create(
            program_id=program_id,
            door=door,
            action_key=action_key[:100],
            customer=customer[:254],
            outcome=outcome,
            code=code,
            sentence=sentence[:500],
            created_at=now,
            rule=rule or EarningRule.objects.existing().filter(action_key=action_key).first(),
            member=member,
        )
    return call
