"""Awarding points for an activity, exactly once: the hot path of the product.

Two round trips: one read of everything the evaluation needs, one call that locks, looks the key up, checks, writes and
commits (docs/adr/0004). What was read is checked again under the lock; if it has changed, the award is judged afresh.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from loyalty.earning import facts as reading
from loyalty.earning.errors import AlreadyAwarded, CustomActionNotFound, RuleNotFound, TooMuchContention
from loyalty.earning.evaluation import Evaluation, Skip, evaluate
from loyalty.earning.facts import CustomerReference, Facts, RuleReference
from loyalty.earning.results import About, AwardResult, from_row, skipped
from loyalty.errors import IdempotencyKeyReused, NotFound, Refusal
from loyalty.ledger import kernel
from loyalty.members.errors import CustomerExcluded, CustomerNotFound
from loyalty.outbox.nudge import nudge_relay
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.plans import Feature, require
from loyalty.public_ids import new_public_id
from loyalty.tiers.operations import requalify

ATTEMPTS = 5
"""How often a changing member or rule is read again before the caller is asked to retry."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a customer did.

    Attributes:
        rule: What it is an activity of.
        customer: Whose it is.
        source: The door it came through: `rest`, `flow`, `staff`, `signup`.
        source_reference: That door's own name for the call (a Flow run id), or None.
        key: The caller's idempotency key, or None.
        key_scope: What the key is unique within: `action` (REST and Flow share it, per custom action) or a scope of
            the door's own (`flow` for run ids, a hash of method and path for header keys).
        answered_under: Scope and key under which a skip's answer may have been kept; that answer is returned first.
        stated_points: Points the caller states in place of the rule's, allowed already.
        occurred_at: When it happened; campaigns are judged by it.
    """

    rule: RuleReference
    customer: CustomerReference
    source: str
    occurred_at: datetime
    source_reference: str | None = None
    key: str | None = None
    key_scope: str = "action"
    answered_under: tuple[str, str] | None = None
    stated_points: int | None = None
    metadata: dict[str, Any] | None = None


def award(
    *, activity: Activity, now: datetime, program_id: int | None = None, shopify_domain: str | None = None
) -> AwardResult:
    """Awards an activity once: by the caller's key, and by the occurrence (once per customer and rule).

    A replay returns the first award as it stands now, before any state is judged. A skip (programme off, test mode) is
    a success without points that uses up nothing.

    Args:
        program_id: The programme, or else
        shopify_domain: the domain of its shop.

    Raises:
        NotFound: No such shop.
        CustomerNotFound: The customer is not a member.
        CustomActionNotFound: No such action key, or the action is off.
        RuleNotFound: No such rule, or it is off.
        PlanRequired: The shop's plan has no custom actions.
        CustomerExcluded: The member takes no part.
        AlreadyAwarded: The rule is once per customer and was awarded before.
        IdempotencyKeyReused: The key belongs to another request.
        TooMuchContention: The facts kept changing; nothing happened.
    """
    for _ in range(ATTEMPTS):
        facts = reading.read(
            program_id=program_id,
            shopify_domain=shopify_domain,
            rule=activity.rule,
            customer=activity.customer,
            now=now,
            answered_under=activity.answered_under,
        )
        if facts is None:
            raise NotFound("This shop does not use Encore")
        try:
            result = _award(activity, facts, now)
        except IntegrityError:
            continue  # the same key or occurrence was written by another account's award a moment ago: read it
        if result is not None:
            return result
    raise TooMuchContention


def _award(activity: Activity, facts: Facts, now: datetime) -> AwardResult | None:
    """Judges and writes one award; None when the facts have changed meanwhile."""
    if facts.first_answer is not None:
        return replace(skipped(facts, Skip.ZERO_POINTS, activity), replayed=True, first_answer=facts.first_answer)
    refusal = _refusal(activity, facts)
    if refusal is None:
        assert facts.rule is not None and facts.member is not None
        evaluation = evaluate(
            rule=facts.rule, member=facts.member, program=facts.program, campaigns=facts.campaigns,
            occurred_at=activity.occurred_at, now=now, stated_points=activity.stated_points,
        )  # fmt: skip
        if evaluation.skip is None:
            return _write(activity, facts, evaluation, now)
    first = _replay(activity, facts, now)
    if first is not None:
        return first
    if refusal is not None:
        raise refusal
    return skipped(facts, evaluation.skip or Skip.ZERO_POINTS, activity)


def _refusal(activity: Activity, facts: Facts) -> Refusal | None:
    """What speaks against the award before points are counted, in the contract's order."""
    is_action = activity.rule.action_key is not None
    try:
        if not facts.is_installed:
            raise NotFound("This shop has uninstalled Encore")
        if is_action:
            require(facts.plan, Feature.CUSTOM_ACTIONS)
        if facts.member is None:
            raise CustomerNotFound(activity.customer)
        if facts.rule is None or not facts.rule_is_active:
            if is_action:
                raise CustomActionNotFound(str(activity.rule.action_key), is_off=facts.rule is not None)
            raise RuleNotFound(str(activity.rule.public_id))
        if facts.is_excluded:
            raise CustomerExcluded
    except Refusal as refusal:
        return refusal
    return None


def stored_key(activity: Activity, facts: Facts) -> str | None:
    """The key as it is stored: unique within its scope, in the programme. None without a key, or without its scope."""
    if activity.key is None:
        return None
    if activity.key_scope != "action":
        return f"{activity.key_scope}:{activity.key}"
    return f"action:{facts.rule.id}:{activity.key}" if facts.rule is not None else None


def _fingerprint(activity: Activity, facts: Facts) -> str:
    """What makes two calls the same request: the rule, the member and stated points."""
    request = [facts.rule and facts.rule.id, facts.member and facts.member.id, activity.stated_points]
    return hashlib.sha256(json.dumps(request).encode()).hexdigest()


def _write(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> AwardResult | None:
    assert facts.rule is not None and facts.member is not None
    crosses = (
        evaluation.due_at is None
        and facts.next_threshold is not None
        and facts.lifetime + evaluation.points >= facts.next_threshold
    )
    # A savepoint only inside somebody's transaction; alone, the one statement is its own transaction.
    with transaction.atomic() if crosses or connection.in_atomic_block else nullcontext():
        row = kernel.call("earning_award", _arguments(activity, facts, evaluation, now))
        if row["outcome"] == "stale":
            return None
        if row["outcome"] == "already_awarded":
            raise AlreadyAwarded
        if row["outcome"] == "key_reused":
            raise IdempotencyKeyReused
        if row["outcome"] == "done":
            nudge_relay()
            if facts.next_threshold is not None and row["lifetime"] >= facts.next_threshold:
                with scope(program=facts.program_id):
                    requalify(member_id=facts.member.id, now=now)
    about = About(facts.rule.id, facts.rule.public_id, facts.rule.name, facts.rule.action)
    return from_row(row, about=about, member_id=facts.member.id, key=activity.key)


def _arguments(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> list[Any]:
    """The arguments of `earning_award`, in its order."""
    rule, member = facts.rule, facts.member
    assert rule is not None and member is not None
    about = {"rule_id": rule.public_id, "rule_number": rule.id, "rule_name": rule.name, "action": rule.action}
    expires_at = (
        end_of_day_after(now, days=facts.expiry_days, zone=facts.zone)
        if facts.expiry_days and evaluation.due_at is None
        else None
    )
    return [
        facts.program_id,
        member.id,
        facts.account_id,
        rule.id,
        rule.version,
        member.tier_id,
        new_public_id("cer"),
        stored_key(activity, facts),
        _fingerprint(activity, facts),
        f"once:{rule.id}" if rule.frequency == "once" else None,
        evaluation.points,
        evaluation.base,
        evaluation.multiplier,
        kernel.as_json(evaluation.breakdown),
        rule.action,
        activity.rule.action_key,
        activity.source,
        activity.source_reference,
        False,
        activity.occurred_at,
        evaluation.due_at,
        expires_at,
        kernel.as_json(activity.metadata),
        kernel.as_json(about),
        kernel.as_json({**about, "source": "earning_rule", "door": activity.source}),
        now,
    ]


def _replay(activity: Activity, facts: Facts, now: datetime) -> AwardResult | None:
    """Finds what an earlier call under the same key did, whatever has changed since.

    A member or rule that can't be found any more contradicts nothing: the award under the key is the answer.

    Raises:
        IdempotencyKeyReused: The key belongs to another request.
    """
    key = stored_key(activity, facts)
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'replayed' AS outcome, w.public_id, w.status, w.points, w.base_points, w.multiplier, w.balance_after,
                ledger_spendable(a.id, %s) AS available, a.lifetime, w.idempotency_key, w.source_reference, w.due_at, w.given_at,
                w.expires_at, w.created_at, w.updated_at, w.fingerprint, w.member_id, r.id AS rule_number,
                r.public_id AS rule_id, r.name AS rule_name, w.action
            FROM earning_award w JOIN ledger_account a ON a.member_id = w.member_id
            LEFT JOIN earning_earningrule r ON r.id = w.rule_id
            WHERE w.program_id = %s AND w.idempotency_key = %s""",
            [now, facts.program_id, key],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        found = dict(zip([column.name for column in cursor.description], row, strict=True))
    everything_known = facts.member is not None and facts.rule is not None
    if everything_known and found["fingerprint"] != _fingerprint(activity, facts):
        raise IdempotencyKeyReused
    about = About(found["rule_number"] or 0, found["rule_id"] or "", found["rule_name"] or "", found["action"])
    return from_row(found, about=about, member_id=found["member_id"], key=activity.key)
