"""Reading, in one round trip, all that an award by action key or rule needs to be judged: sql/facts.sql."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from loyalty.earning.evaluation import CampaignFacts, MemberFacts, ProgramFacts, RuleFacts
from loyalty.earning.limits import Limit, Window
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
    # What a door answered under the key it names, where it kept that answer.
    first_answer: str | None


def read(
    *,
    program_id: int | None = None,
    shopify_domain: str | None = None,
    rule: RuleReference,
    customer: CustomerReference,
    now: datetime,
    occurred_at: datetime | None = None,
    answered_under: tuple[str, str] | None = None,
) -> Facts | None:
    """Returns the facts, or None when there is no such programme.

    Args:
        program_id: The programme, or else
        shopify_domain: the domain of its shop.
        occurred_at: When the activity happened, by which campaigns are found; None is now.
        answered_under: Scope and key of an answer that may have been kept (see `Facts.first_answer`).
    """
    scope, key = answered_under or (None, None)
    arguments = [
        program_id,
        shopify_domain,
        rule.action_key,
        rule.public_id,
        customer.shopify_customer_id,
        customer.email,
        now,
        scope,
        key,
        occurred_at or now,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT earning_facts(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", arguments)
        found = cursor.fetchone()[0]
    return None if found is None else _facts(_parsed(found))


def read_all(
    *, program_id: int, wanted: Sequence[tuple[RuleReference, CustomerReference]], now: datetime
) -> list[Facts]:
    """Returns the facts of many activities of a programme that happen now, in their order, in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT earning_facts(%s, NULL, x.action_key, x.rule, x.customer, x.email, %s, NULL, NULL, %s)
            FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[]) WITH ORDINALITY
                AS x(action_key, rule, customer, email, n)
            ORDER BY x.n""",
            [
                program_id, now, now, [rule.action_key for rule, _ in wanted], [rule.public_id for rule, _ in wanted],
                [customer.shopify_customer_id for _, customer in wanted], [customer.email for _, customer in wanted],
            ],
        )  # fmt: skip
        return [_facts(_parsed(found)) for (found,) in cursor.fetchall()]


def _parsed(found: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return parsed


def _facts(row: dict[str, Any]) -> Facts:
    member = row["member"] or {}
    return Facts(
        program_id=row["id"],
        plan=row["plan"],
        is_installed=row["is_installed"],
        program=ProgramFacts(
            is_enabled=row["is_enabled"],
            tiers_multiply_everything=row["tier_multiplier_scope"] == "all",
            restricted_to=frozenset(row["test_mode_emails"]) if row["test_mode"] == "restrict" else None,
        ),
        zone=ZoneInfo(row["time_zone"]),
        expiry_days=row["expiry_days"],
        rule=_rule(row["rule"]) if row["rule"] else None,
        rule_is_active=bool(row["rule_is_active"]),
        member=MemberFacts(
            id=member["id"],
            email=member["email"],
            tier_id=member["tier_id"],
            tier_name=member["tier_name"],
            tier_multiplier=Decimal(member["multiplier"]) if member["multiplier"] else ONE,
            tags=frozenset(member["tags"] or ()),
        )
        if member
        else None,
        account_id=member.get("account_id"),
        is_excluded=member.get("status") == "excluded",
        available=member.get("available") or 0,
        lifetime=member.get("lifetime") or 0,
        next_threshold=row["next_threshold"],
        campaigns=tuple(_campaign(each) for each in row["campaigns"] or ()),
        first_answer=row["first_answer"],
    )


def _rule(row: dict[str, Any]) -> RuleFacts:
    limit = row.pop("limit")
    return RuleFacts(**row, limit=Limit(limit[0], Window(limit[1]), limit[2]) if limit else None)


def _campaign(row: list[Any]) -> CampaignFacts:
    id_, name, multiplier, starts, ends, extra, tiers, tags, products, collections, product_tags, budget = row
    return CampaignFacts(
        id=id_, name=name, multiplier=Decimal(multiplier), starts_at=_instant(starts),
        ends_at=_instant(ends) if ends else None, extra_points=extra, tier_ids=frozenset(tiers), tags=frozenset(tags),
        product_ids=frozenset(products), collection_ids=frozenset(collections), product_tags=frozenset(product_tags),
        budget=budget,
    )  # fmt: skip


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
