"""Something a customer did, as a door tells it, and what makes two tellings the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.earning.evaluation import Part
from loyalty.earning.facts import CustomerReference, Facts, RuleReference


@dataclass(frozen=True, slots=True)
class OrderReference:
    """An order of the shop, by which a refund finds its awards again."""

    shopify_order_id: int
    name: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a customer did.

    Attributes:
        rule: What it is an activity of.
        customer: Whose it is.
        source: The door it came through: `rest`, `flow`, `staff`, `signup`.
        actor: Who used the door (`API key Shop`), kept with the entry, or None.
        source_reference: That door's own name for the call (a Flow run id), or None.
        key: The caller's idempotency key, or None.
        key_scope: What the key is unique within: `action` (REST and Flow share it, per custom action) or a scope of
            the door's own (`flow` for run ids, a hash of method and path for header keys).
        request: What makes two calls under the key the same request; None is the rule, the member and stated points.
        answered_under: Scope and key under which a skip's answer may have been kept; that answer is returned first.
        stated_points: Points the caller states in place of the rule's, allowed already.
        occurred_at: When it happened; campaigns are judged by it.
        occurrence: What happened, where it may be awarded once only however often it is told (`order:<id>`); a
            rejected award of it stays decided.
        parts: What the base is made of, in place of the rule's points: an order's lines.
        order: The order that earned it, recorded with the award.
        is_approved: Its time of waiting is over or never was: the points are spendable at once, whatever the rule's
            approval time.
        is_late: It was skipped when it happened and was within its rule's limit then, so the limit is not asked again.
    """

    rule: RuleReference
    customer: CustomerReference
    source: str
    occurred_at: datetime
    actor: str | None = None
    source_reference: str | None = None
    key: str | None = None
    key_scope: str = "action"
    request: str | None = None
    answered_under: tuple[str, str] | None = None
    stated_points: int | None = None
    occurrence: str | None = None
    parts: tuple[Part, ...] | None = None
    order: OrderReference | None = None
    is_approved: bool = False
    metadata: dict[str, Any] | None = None
    is_late: bool = False


def stored_key(activity: Activity, facts: Facts) -> str | None:
    """Returns the key as it is stored: unique within its scope, in the programme. None without a key, or without its scope."""
    if activity.key is None:
        return None
    if activity.key_scope != "action":
        return f"{activity.key_scope}:{activity.key}"
    return f"action:{facts.rule.id}:{activity.key}" if facts.rule is not None else None


def fingerprint(activity: Activity, facts: Facts) -> str:
    """Returns what makes two calls the same request: the rule, the member and stated points, unless the door says it."""
    return activity.request or fingerprint_of(
        rule_id=facts.rule.id if facts.rule else None,
        member_id=facts.member.id if facts.member else None,
        stated_points=activity.stated_points,
    )


def fingerprint_of(*, rule_id: int | None, member_id: int | None, stated_points: int | None) -> str:
    """Returns the fingerprint of a request by what it is made of."""
    return hashlib.sha256(json.dumps([rule_id, member_id, stated_points]).encode()).hexdigest()
