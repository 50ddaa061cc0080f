"""What members miss while the programme is restricted to test customers: kept when it happens, awarded later, once.

Exactly once as ever: a kept skip is decided under its row's lock, and its award is found again by the caller's key and by
the occurrence, so a call that is repeated after the restriction and the button beside it give the points once.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django_scopes import scope

from loyalty.earning import limits
from loyalty.earning.activity import Activity, stored_key
from loyalty.earning.evaluation import Evaluation, RuleFacts
from loyalty.earning.facts import CustomerReference, Facts, RuleReference
from loyalty.earning.models import Award
from loyalty.members.models import Member
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip
from loyalty.skips.queries import count_of

NOT_KEPT = ("staff", "referral")
"""Doors whose skips are not kept: staff try out, and a referral waits until it can be rewarded."""


def keep_skip(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> None:
    """Keeps an activity that earned nothing because of test mode alone.

    Not kept: what would have earned nothing anyway, what was awarded before, what was over its rule's limit, what was kept
    before, staff's own trying out, and what asks again by itself.
    """
    rule, member, points = facts.rule, facts.member, int(evaluation.breakdown["points"])
    if rule is None or member is None or points == 0 or activity.is_late or activity.source in NOT_KEPT:
        return
    with scope(program=facts.program_id):
        if _had(activity, rule, member.id) or _is_over_limit(activity, facts, rule, member.id):
            return
        skips.keep(
            program_id=facts.program_id, member_id=member.id, kind=Skip.Kind.AWARD, identity=_identity(activity, facts),
            name=rule.name, points=points, facts=_facts(activity, rule), occurred_at=activity.occurred_at, now=now,
        )  # fmt: skip


def activity_of(skip: Skip, member: Member) -> Activity:
    """Returns a kept activity as it is to be awarded now: its member may have been merged into another since."""
    kept: dict[str, Any] = skip.facts
    return Activity(
        rule=RuleReference(public_id=kept["rule_id"]),
        customer=CustomerReference(shopify_customer_id=member.shopify_customer_id),
        source=kept["source"],
        source_reference=kept["source_reference"],
        occurred_at=skip.occurred_at,
        key=kept["key"],
        key_scope=kept["key_scope"],
        request=kept["request"],
        stated_points=kept["stated_points"],
        occurrence=kept["occurrence"],
        is_approved=kept["is_approved"],
        metadata=kept["metadata"],
        is_late=True,
    )


def _facts(activity: Activity, rule: RuleFacts) -> dict[str, Any]:
    return {
        "rule_id": rule.public_id,
        "rule_number": rule.id,
        "source": activity.source,
        "source_reference": activity.source_reference,
        "key": activity.key,
        "key_scope": activity.key_scope,
        "request": activity.request,
        "stated_points": activity.stated_points,
        "occurrence": activity.occurrence,
        "is_approved": activity.is_approved,
        "metadata": activity.metadata,
        "order_id": activity.order.shopify_order_id if activity.order else None,
    }


def _identity(activity: Activity, facts: Facts) -> str | None:
    """What makes two tellings the same: what happened, else once per customer, else the caller's key, as a digest."""
    if activity.occurrence is not None:
        return activity.occurrence
    if facts.rule is not None and facts.rule.frequency == "once":
        return f"once:{facts.rule.id}"
    key = stored_key(activity, facts)
    return f"key:{hashlib.sha256(key.encode()).hexdigest()}" if key is not None else None


def _had(activity: Activity, rule: RuleFacts, member_id: int) -> bool:
    """Whether the award would have been refused as one that was made before."""
    awards = Award.objects.filter(member_id=member_id)
    if activity.occurrence is not None:
        return bool(awards.filter(occurrence=activity.occurrence).exists())
    once = rule.frequency == "once"
    return once and bool(awards.filter(rule_id=rule.id).exclude(status=Award.Status.REJECTED).exists())


def _is_over_limit(activity: Activity, facts: Facts, rule: RuleFacts, member_id: int) -> bool:
    """Whether awards and kept skips have used the rule's limit up, as it stood when this happened."""
    if rule.limit is None:
        return False
    since = limits.opened_at(rule.limit, now=activity.occurred_at, zone=facts.zone)
    made = Award.objects.filter(member_id=member_id, rule_id=rule.id).exclude(status=Award.Status.REJECTED)
    if since is not None:
        made = made.filter(created_at__gte=since)
    return made.count() + count_of(member_id=member_id, rule_id=rule.id, since=since) >= rule.limit.count
