"""Reading, in one round trip, all that an award by action key or rule needs to be judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from loyalty.earning.evaluation import CampaignFacts, MemberFacts, ProgramFacts, RuleFacts
from loyalty.points import ONE


@dataclass(frozen=True, slots=True)
class CustomerReference:
    """Who an activity is about: a Shopify customer id, or else an e-mail address (trimmed, lower case)."""

    shopify_customer_id: int | None = None
    email: str | None = None

    def __str__(self) -> str:
        return str(self.shopify_customer_id if self.shopify_customer_id is not None else self.email)


@dataclass(frozen=True, slots=True)
class RuleReference:
    """Which rule an activity is for: a custom action by its key (or an old key of it), or a rule by public id."""

    action_key: str | None = None
    public_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read. `rule` and `member` are None when there is no such thing in the programme."""

    program_id: int
    plan: str
    is_installed: bool
    program: ProgramFacts
    zone: ZoneInfo
    expiry_days: int | None
    rule: RuleFacts | None
    rule_is_active: bool
    member: MemberFacts | None
    account_id: int | None
    is_excluded: bool
    available: int
    lifetime: int
    next_threshold: int | None
    campaigns: tuple[CampaignFacts, ...]
    first_answer: str | None


_QUERY = """
SELECT p.id, p.plan, p.is_installed, p.is_enabled, p.time_zone, p.points_expiry_enabled, p.points_expiry_days,
    p.tier_multiplier_scope, p.tier_entry, p.test_mode, p.test_mode_emails,
    r.id AS rule_id, r.public_id, r.name, r.version, r.action, r.category, r.points, r.approval_days, r.frequency,
    r.is_active AND r.deleted_at IS NULL AS is_active,
    m.id AS member_id, m.email, m.status, a.id AS account_id, a.available, a.lifetime,
    t.id AS tier_id, t.name AS tier_name, t.multiplier,
    (SELECT min(n.threshold) FROM tiers_tier n WHERE n.program_id = p.id AND n.threshold > coalesce(t.threshold, -1)) AS next_threshold,
    (SELECT json_agg(json_build_array(c.id, c.name, x.multiplier::text, c.starts_at, c.ends_at))
     FROM campaigns_campaignmodifier x JOIN campaigns_campaign c ON c.id = x.campaign_id
     WHERE x.program_id = p.id AND x.earning_rule_id = r.id AND c.is_active AND c.starts_at <= %(now)s
        AND (c.ends_at IS NULL OR c.ends_at > %(now)s)) AS campaigns,
    (SELECT i.body FROM idempotency_record i
     WHERE i.program_id = p.id AND i.scope = %(answer_scope)s AND i.key = %(answer_key)s) AS first_answer
FROM programs_program p
LEFT JOIN earning_earningrule r ON r.program_id = p.id AND {rule}
LEFT JOIN members_member m ON m.program_id = p.id AND m.redacted_at IS NULL AND {member}
LEFT JOIN ledger_account a ON a.member_id = m.id
LEFT JOIN tiers_tiermembership s ON s.member_id = m.id
LEFT JOIN tiers_tier t ON t.id = s.tier_id
WHERE {program}
ORDER BY r.deleted_at NULLS FIRST, m.id LIMIT 1
"""
_BY_KEY = """(r.action_key = %(action_key)s OR r.id = (
    SELECT k.rule_id FROM earning_actionkeyalias k WHERE k.program_id = p.id AND k.key = %(action_key)s))"""
_BY_CUSTOMER = """m.id = (SELECT coalesce(i.merged_into_id, i.id) FROM members_member i
    WHERE i.program_id = p.id AND i.shopify_customer_id = %(customer_id)s)"""


def read(
    *,
    program_id: int | None = None,
    shopify_domain: str | None = None,
    rule: RuleReference,
    customer: CustomerReference,
    now: datetime,
    answered_under: tuple[str, str] | None = None,
) -> Facts | None:
    """Returns the facts, or None when there is no such programme.

    Args:
        program_id: The programme, or else
        shopify_domain: the domain of its shop.
    """
    query = _QUERY.format(
        rule=_BY_KEY if rule.action_key is not None else "r.public_id = %(rule_id)s",
        member=_BY_CUSTOMER
        if customer.shopify_customer_id is not None
        else "m.email = %(email)s AND m.merged_into_id IS NULL",
        program="p.id = %(program)s" if program_id is not None else "p.shopify_domain = %(domain)s",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "program": program_id,
                "domain": shopify_domain,
                "action_key": rule.action_key,
                "rule_id": rule.public_id,
                "customer_id": customer.shopify_customer_id,
                "email": customer.email,
                "now": now,
                "answer_scope": answered_under[0] if answered_under else None,
                "answer_key": answered_under[1] if answered_under else None,
            },
        )
        row = cursor.fetchone()
        if row is None:
            return None
        return _facts(dict(zip([column.name for column in cursor.description], row, strict=True)))


def _facts(row: dict[str, Any]) -> Facts:
    campaigns = row["campaigns"]
    campaigns = json.loads(campaigns) if isinstance(campaigns, str) else campaigns or []
    restricted = row["test_mode"] == "restrict"
    return Facts(
        program_id=row["id"],
        plan=row["plan"],
        is_installed=row["is_installed"],
        program=ProgramFacts(
            is_enabled=row["is_enabled"],
            tiers_multiply_everything=row["tier_multiplier_scope"] == "all",
            restricted_to=frozenset(row["test_mode_emails"]) if restricted else None,
        ),
        zone=ZoneInfo(row["time_zone"]),
        expiry_days=(row["points_expiry_days"] or None) if row["points_expiry_enabled"] else None,
        rule=RuleFacts(
            id=row["rule_id"], public_id=row["public_id"], name=row["name"], version=row["version"], action=row["action"],
            category=row["category"], points=row["points"], approval_days=row["approval_days"], frequency=row["frequency"],
        )
        if row["rule_id"]
        else None,
        rule_is_active=bool(row["is_active"]),
        member=MemberFacts(
            id=row["member_id"], email=row["email"], tier_id=row["tier_id"], tier_name=row["tier_name"],
            tier_multiplier=row["multiplier"] if row["multiplier"] is not None else ONE,
        )
        if row["member_id"]
        else None,
        account_id=row["account_id"],
        is_excluded=row["status"] == "excluded",
        available=row["available"] or 0,
        lifetime=row["lifetime"] or 0,
        next_threshold=row["next_threshold"] if row["tier_entry"] == "points" else None,
        campaigns=tuple(
            CampaignFacts(id_, name, Decimal(multiplier), _instant(starts), _instant(ends) if ends else None)
            for id_, name, multiplier, starts, ends in campaigns
        ),
        first_answer=row["first_answer"],
    )  # fmt: skip


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
