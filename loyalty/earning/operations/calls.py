"""The log of calls that awarded nothing, which the merchant reads to find out why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django_scopes import scope, scopes_disabled

from loyalty.earning.errors import TooMuchContention
from loyalty.earning.evaluation import Skip
from loyalty.earning.models import ActionCall, EarningRule
from loyalty.errors import Refusal
from loyalty.members.models import Member

KEPT = timedelta(days=30)
"""How long a line is kept."""


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
            rule=rule or _rule_called(action_key),
            member=member,
        )
    return call


def drop_old_calls(*, now: datetime) -> int:
    """Deletes the lines of every programme that are older than `KEPT`, for they name customers; returns how many."""
    with scopes_disabled():
        count, _ = ActionCall.objects.filter(created_at__lt=now - KEPT).delete()
    return count


def record_refusal(
    *, program_id: int, door: str, action_key: str, customer: str, refusal: Refusal, now: datetime
) -> None:
    """Writes down a call that was refused, in words for the merchant. Being busy is no refusal: the call comes again."""
    if isinstance(refusal, TooMuchContention):
        return
    code = str(refusal.facts.get("reason", refusal.code))
    record_call(
        program_id=program_id,
        door=door,
        action_key=action_key,
        customer=customer,
        outcome=ActionCall.Outcome.REFUSED,
        code=code,
        sentence=_REASONS.get(code, refusal.sentence),
        now=now,
    )


def record_skip(*, program_id: int, door: str, action_key: str, customer: str, reason: Skip, now: datetime) -> None:
    """Writes down a call that succeeded without points, in words for the merchant."""
    record_call(
        program_id=program_id,
        door=door,
        action_key=action_key,
        customer=customer,
        outcome=ActionCall.Outcome.SKIPPED,
        code=reason.value,
        sentence=_REASONS[reason.value],
        now=now,
    )


def record_unknown_fields(*, program_id: int, call: str, names: Sequence[str], action_key: str, now: datetime) -> None:
    """Writes down that a call held fields nobody reads; the same remark once a day.

    Args:
        call: Method and path of the endpoint.
    """
    told = ", ".join(f"“{name[:40]}”" for name in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    sentence = f"{call} does not know {told}: ignored."
    with scope(program=program_id):
        lately = ActionCall.objects.filter(code="unknown_fields", created_at__gt=now - timedelta(days=1))
        if lately.filter(sentence=sentence[:500], action_key=action_key[:100]).exists():
            return
    record_call(
        program_id=program_id, door="rest", action_key=action_key, customer="", outcome=ActionCall.Outcome.NOTICED,
        code="unknown_fields", sentence=sentence, now=now,
    )  # fmt: skip


_REASONS = {
    "off": "The action is switched off.",
    "key": "No action has this key.",
    "not_a_member": "The customer is not a member of the programme.",
    "customer_excluded": "The customer is excluded from the programme.",
    "already_awarded": "The customer has had these points: the action is once per customer.",
    "idempotency_key_reused": "The idempotency key was used before for another customer or action.",
    "program_disabled": "The programme is switched off.",
    "test_mode": "Test mode is on, and the customer is not on its list.",
    "zero_points": "Tier and campaign leave nothing to award.",
}
"""Why nothing was awarded, as the merchant reads it; any other refusal speaks for itself."""


def _rule_called(action_key: str) -> EarningRule | None:
    """Returns the action that answers to a key, its old keys included; None for an unknown key."""
    answering = Q(action_key=action_key) | Q(aliases__key=action_key)
    return EarningRule.objects.existing().filter(answering).first()
