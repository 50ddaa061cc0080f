"""One shop for the schedules: members with birthdays, five lots each that wait for approval, orders, and codes past their end.

Every table is written by one statement, with its triggers off: what is measured comes afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import RuleTerms, create_rule
from loyalty.programs.models import Program
from loyalty.rewards.operations import RewardTerms, create_reward
from loyalty.tiers.models import Tier

LOTS_EACH, ORDERS_EACH, MEMBERS_PER_CODE = 5, 2, 5
DAYS = 730
"""Over how many days members joined and orders were placed."""

_FILL = {
    "members_member": """INSERT INTO members_member (program_id, shopify_customer_id, email, status, exclusion_reason,
        excluded_by, tags, referral_code, date_of_birth, anniversary_date, enrolled_at, created_at, updated_at)
    SELECT %(p)s, n, 'm' || n || '@bench.example', 'member', '', '', '{}', 'S' || n,
        date '1960-01-01' + (n * 7919 %% 15000)::int, CASE WHEN n %% 10 = 0 THEN date '2001-01-01' + (n %% 7000)::int END,
        %(at)s - (n %% %(days)s) * interval '1 day', %(at)s, %(at)s FROM generate_series(1::bigint, %(members)s) n""",
    "tiers_tiermembership": """INSERT INTO tiers_tiermembership (program_id, member_id, tier_id, is_locked, reached_at)
    SELECT program_id, id, %(tier)s, false, %(at)s FROM members_member WHERE program_id = %(p)s""",
    "ledger_account": """INSERT INTO ledger_account (program_id, member_id, available, pending, held, debt, lifetime, redeemed,
        sequence, updated_at)
    SELECT program_id, id, 0, %(lots)s * 10, 0, 0, 0, 0, %(lots)s, %(at)s FROM members_member WHERE program_id = %(p)s""",
    "ledger_entry": """INSERT INTO ledger_entry (program_id, account_id, sequence, kind, points, shortfall, balance_after, key,
        source, details, effective_at, created_at)
    SELECT %(p)s, a.id, n, 'accrual', 10, 0, 0, 'bench:' || a.id || ':' || n, 'bench', '{}', %(at)s, %(at)s
    FROM generate_series(1, %(lots)s) n, ledger_account a WHERE a.program_id = %(p)s""",
    "ledger_lot": """INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, due_at)
    SELECT %(p)s, account_id, id, 'pending', 10, 10, %(at)s, %(at)s + sequence * interval '1 hour'
    FROM ledger_entry WHERE program_id = %(p)s""",
    "earning_award": """INSERT INTO earning_award (program_id, public_id, member_id, entry_id, action, status, points,
        base_points, multiplier, breakdown, source, fingerprint, is_manual, is_test, due_at, created_at, updated_at)
    SELECT %(p)s, 'cer_bench_' || e.id, a.member_id, e.id, 'custom', 'pending', 10, 10, 1, '{}', 'rest', '', false, false,
        %(at)s + e.sequence * interval '1 hour', %(at)s, %(at)s
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.program_id = %(p)s""",
    "orders_order": """INSERT INTO orders_order (program_id, shopify_order_id, member_id, shopify_customer_id, name, currency,
        total_minor, refunded_minor, lines, facts, judged_rules, is_test, placed_at, paid_at, shopify_updated_at, created_at,
        updated_at)
    SELECT %(p)s, m.id * 10 + n, m.id, m.shopify_customer_id, '#' || m.id, 'USD', 1000 + m.id * 37 %% 20000, 0, '[]', '{}', '[]',
        false, x.at, x.at, x.at, x.at, x.at
    FROM members_member m, generate_series(1, %(orders)s) n,
        LATERAL (SELECT %(now)s - (m.id * 31 + n * 97) %% %(days)s * interval '1 day' AS at) x WHERE m.program_id = %(p)s""",
    "rewards_redemption": """INSERT INTO rewards_redemption (program_id, public_id, member_id, reward_id, state, points_spent,
        terms, code, fingerprint, failure, is_refunded, refunded_by, code_needs_removal, removal_attempts, credit_state,
        credit_known, undone_order_ids, follow_up, follow_up_attempts, expires_at, created_at, updated_at)
    SELECT %(p)s, 'cr_bench_' || m.id, m.id, %(reward)s, 'active', 100, '{}', 'BENCH-' || m.id, '', '', false, '', false, 0, '',
        '[]', '{}', '', 0, %(now)s - interval '1 hour', %(at)s, %(at)s
    FROM members_member m WHERE m.program_id = %(p)s AND m.id %% %(per_code)s = 0""",
}  # fmt: skip
_LAST_ENTRIES = """UPDATE ledger_account a SET last_entry_id = e.id FROM ledger_entry e
    WHERE e.account_id = a.id AND e.sequence = a.sequence AND a.program_id = %(p)s"""


@dataclass(frozen=True, slots=True)
class BigShop:
    """What was filled, and how its settings and dates are changed between two measurements."""

    program_id: int
    members: int
    lots: int
    codes: int

    def set(self, **settings: Any) -> None:
        """Changes settings of the programme."""
        Program.objects.filter(pk=self.program_id).update(**settings)

    def ladder(self, *thresholds: int, entry_points: int = 0) -> None:
        """Gives the tiers above the base these thresholds."""
        with scope(program=self.program_id):
            above = list(Tier.objects.exclude(threshold=0).order_by("pk"))
            for tier, threshold in zip(above, thresholds, strict=True):
                Tier.objects.filter(pk=tier.pk).update(threshold=threshold, entry_points=entry_points)

    def end_all_lots(self) -> None:
        """Lets all points have ended, at instants of the last four days."""
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE ledger_lot SET expires_at = %s - id %% 345600 * interval '1 second'
                WHERE program_id = %s AND remaining > 0""",
                [timezone.now(), self.program_id],
            )
        tidy("ledger_lot")


def fill(members: int) -> BigShop:
    """Writes the shop: a birthday and an anniversary rule, three tiers of which nobody has reached the upper two."""
    now = timezone.now()
    at = now - timedelta(days=3)
    program = Program.objects.create(
        name="Big", shopify_domain="big.myshopify.com", points_expiry_enabled=True, points_expiry_days=5, created_at=now,
        updated_at=now,
    )  # fmt: skip
    with scope(program=program):
        base, *_ = [
            Tier.objects.create(
                program=program,
                public_id=f"tier_{name}",
                name=name,
                threshold=threshold,
                created_at=now,
                updated_at=now,
            )
            for name, threshold in (("Base", 0), ("Silver", 10**9), ("Gold", 10**10))
        ]
        for action in ("birthday", "anniversary"):
            create_rule(program=program, action=action, terms=RuleTerms(name=action, points=200), now=at - timedelta(9))
        terms = RewardTerms(name="Free shipping", discount_type="free_shipping", points_cost=100)
        reward = create_reward(program=program, terms=terms, now=now)
    values: dict[str, Any] = {
        "p": program.pk, "tier": base.pk, "reward": reward.pk, "members": members, "lots": LOTS_EACH, "orders": ORDERS_EACH,
        "per_code": MEMBERS_PER_CODE, "days": DAYS, "at": at, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (*_FILL.values(), _LAST_ENTRIES):
            cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SELECT count(*) FROM rewards_redemption WHERE program_id = %s", [program.pk])
        codes = cursor.fetchone()[0]
    tidy(*_FILL)
    return BigShop(program.pk, members, members * LOTS_EACH, codes)


def tidy(*tables: str) -> None:
    """Does what PostgreSQL's own autovacuum does in time: what a statement left behind, and statistics."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")
