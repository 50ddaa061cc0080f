"""The shop that is measured: 10 rules, 3 tiers, 2 campaigns and 100,000 members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django_scopes import scope

from loyalty.campaigns.models import Campaign, CampaignModifier
from loyalty.earning.operations import RuleTerms, create_rule
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.tiers.operations import create_tier

MEMBERS = 100_000
AWARDED = 90_000
"""Members that awards go to; the others are left for the redemptions."""
FIRST_CUSTOMER = 5_000_000_001
ACTION_KEY = "bench_action_3"


@dataclass(frozen=True, slots=True)
class Shop:
    """What the measurements need of it."""

    program_id: int
    domain: str
    rule_id: int


def fill(domain: str) -> Shop:
    """Creates the shop; members by one set-based statement each table, the rest by the operations."""
    now = timezone.now()
    program = Program.objects.create(name="Bench", shopify_domain=domain, created_at=now, updated_at=now)
    with scope(program=program):
        tiers = [
            create_tier(program=program, name=name, threshold=threshold, multiplier=Decimal(multiplier), now=now)
            for name, threshold, multiplier in (("Bronze", 0, "1"), ("Silver", 10**8, "1.25"), ("Gold", 10**9, "1.5"))
        ]
        rules = [
            create_rule(
                program=program,
                action="custom",
                terms=RuleTerms(f"Action {n}", 100, "unlimited", action_key=f"bench_action_{n}"),
                now=now,
            )
            for n in range(10)
        ]
        for n in range(2):
            campaign = Campaign.objects.create(
                program=program, public_id=new_public_id("camp"), name=f"Campaign {n}", created_at=now, updated_at=now,
                starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=30),
            )  # fmt: skip
            for rule in rules:
                CampaignModifier.objects.create(
                    program=program, campaign=campaign, earning_rule_id=rule.pk, multiplier=Decimal("1.5") + n
                )
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO members_member (program_id, shopify_customer_id, email, first_name, last_name, status,
                exclusion_reason, excluded_by, tags, referral_code, enrolled_at, created_at, updated_at)
            SELECT %(p)s, %(first)s + n, 'm' || n || '@bench.example', 'M', n::text, 'member', '', '', '{}', 'B' || n, %(now)s, %(now)s,
                %(now)s FROM generate_series(0, %(count)s - 1) n""",
            {"p": program.pk, "first": FIRST_CUSTOMER, "count": MEMBERS, "now": now},
        )
        cursor.execute(
            """INSERT INTO ledger_account (program_id, member_id, available, pending, held, debt, lifetime, redeemed,
                sequence, updated_at)
            SELECT program_id, id, 0, 0, 0, 0, 0, 0, 0, %s FROM members_member WHERE program_id = %s""",
            [now, program.pk],
        )
        cursor.execute(
            """INSERT INTO tiers_tiermembership (program_id, member_id, tier_id, is_locked, reached_at)
            SELECT program_id, id, %s, false, %s FROM members_member WHERE program_id = %s""",
            [tiers[0].pk, now, program.pk],
        )
        for table in ("members_member", "ledger_account", "tiers_tiermembership"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return Shop(program.pk, domain, rules[3].pk)
