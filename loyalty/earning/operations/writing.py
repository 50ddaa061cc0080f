"""What an award hands to the database: the arguments of `earning_award` (sql/award.sql), in its order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loyalty.earning import limits
from loyalty.earning.activity import Activity, fingerprint, stored_key
from loyalty.earning.evaluation import Evaluation, RuleFacts
from loyalty.earning.facts import Facts
from loyalty.ledger import kernel
from loyalty.programs.calendar import end_of_day_after
from loyalty.public_ids import new_public_id

COLUMNS = (
    "program bigint", "member bigint", "account bigint", "rule bigint", "rule_version int", "tier bigint",
    "public_id text", "key text", "fingerprint text", "occurrence text", "points bigint", "base numeric",
    "multiplier numeric", "breakdown text", "action text", "action_key text", "source text", "source_reference text",
    "earned_at timestamptz", "due_at timestamptz", "expires_at timestamptz", "metadata text",
    "details text", "event text", "more text", "now timestamptz",
)  # fmt: skip
"""Name and type of each argument, where many awards travel as one table; JSON travels as its text."""
JSON_COLUMNS = frozenset({"breakdown", "metadata", "details", "event", "more"})


def arguments(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> list[Any]:
    """Returns the arguments of one award that was judged on these facts."""
    rule, member = facts.rule, facts.member
    assert rule is not None and member is not None
    about = {"rule_id": rule.public_id, "rule_number": rule.id, "rule_name": rule.name, "action": rule.action}
    by = {"actor": activity.actor} if activity.actor else {}
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
        fingerprint(activity, facts),
        activity.occurrence or (f"once:{rule.id}" if rule.frequency == "once" else None),
        evaluation.points,
        evaluation.base,
        evaluation.multiplier,
        kernel.as_json(evaluation.breakdown),
        rule.action,
        activity.rule.action_key,
        activity.source,
        activity.source_reference,
        activity.occurred_at,
        evaluation.due_at,
        expires_at,
        kernel.as_json(activity.metadata),
        kernel.as_json({**about, **by}),
        kernel.as_json({**about, **_told(activity, rule)}),
        kernel.as_json(_more(activity, facts, evaluation, now)),
        now,
    ]


def _told(activity: Activity, rule: RuleFacts) -> dict[str, Any]:
    """What the event of an award says besides its rule."""
    order = {"order_number": activity.order.name} if activity.order is not None else {}
    source = "referral" if rule.category == "referral" else "earning_rule"
    return {"source": source, "door": activity.source, **order}


def _more(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> dict[str, Any] | None:
    """What most awards don't have; see sql/award.sql."""
    more: dict[str, Any] = {}
    if facts.rule is not None and facts.rule.limit is not None and not activity.is_late:
        since = limits.opened_at(facts.rule.limit, now=now, zone=facts.zone)
        more |= {"limit_count": facts.rule.limit.count, "limit_since": since.isoformat() if since else None}
    if evaluation.campaign_id is not None and evaluation.campaign_points:
        more |= {"campaign_id": evaluation.campaign_id, "campaign_points": evaluation.campaign_points}
    if activity.order is not None:
        more |= {
            "order_id": activity.order.shopify_order_id,
            "order_number": activity.order.name,
            "ordered_at": activity.order.placed_at.isoformat(),
        }
    return more or None
