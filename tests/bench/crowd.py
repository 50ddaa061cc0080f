"""A crowd for a shop that has something on every page already: members, and all they did over two years.

Every table is written by one statement, with its triggers off: what is measured comes afterwards.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from tests.bench.big_shop import tidy
from tests.browser.outgoing import TERMS

DAYS = 730
"""Over how many days members joined, and did what they did."""
FIRST_CUSTOMER, FIRST_ORDER = 10_000_000, 10_000_000_000

_FILL = {
    "members_member": """INSERT INTO members_member (program_id, shopify_customer_id, email, first_name, last_name, status,
        exclusion_reason, excluded_by, tags, referral_code, date_of_birth, enrolled_at, created_at, updated_at)
    SELECT %(p)s, %(customer)s + n, 'm' || n || '@bench.example', 'Member ' || n %% 997, 'Bench ' || n,
        CASE WHEN n %% 100 = 0 THEN 'excluded' ELSE 'member' END, '', '', '{}', 'S' || n,
        date '1960-01-01' + (n * 7919 %% 15000)::int, x.at, x.at, x.at
    FROM generate_series(1::bigint, %(members)s) n,
        LATERAL (SELECT %(now)s - (n * 7919 %% %(days)s) * interval '1 day' AS at) x""",
    "tiers_tiermembership": """INSERT INTO tiers_tiermembership (program_id, member_id, tier_id, is_locked, reached_at)
    SELECT %(p)s, m.id, t.ids[1 + CASE WHEN m.id %% 10 = 0 THEN 2 WHEN m.id %% 3 = 0 THEN 1 ELSE 0 END], false, m.created_at
    FROM members_member m, (SELECT array_agg(id ORDER BY threshold) ids FROM tiers_tier WHERE program_id = %(p)s) t
    WHERE m.program_id = %(p)s AND m.shopify_customer_id > %(customer)s""",
    "ledger_account": """INSERT INTO ledger_account (program_id, member_id, available, pending, held, debt, lifetime, redeemed,
        sequence, updated_at)
    SELECT %(p)s, id, %(each)s / 5 * 2 * (10 + id %% 50), 0, 0, 0,
        %(each)s / 5 * 4 * (10 + id %% 50), %(each)s / 5 * 2 * (10 + id %% 50), %(each)s, %(now)s
    FROM members_member WHERE program_id = %(p)s AND shopify_customer_id > %(customer)s""",
    "ledger_entry": """INSERT INTO ledger_entry (program_id, account_id, sequence, kind, points, shortfall, balance_after, key,
        source, details, effective_at, created_at)
    SELECT %(p)s, a.id, s, CASE WHEN s %% 5 = 0 THEN 'redemption' WHEN s %% 5 = 4 AND a.id %% 20 = 0 THEN 'adjustment'
            ELSE 'accrual' END,
        CASE WHEN s %% 5 = 0 THEN -2 ELSE 1 END * (10 + a.member_id %% 50), 0, 100, 'bench:' || a.id || ':' || s,
        CASE WHEN s %% 5 = 0 THEN 'reward' WHEN s %% 5 = 4 AND a.id %% 20 = 0 THEN 'staff' WHEN s %% 5 < 3 THEN 'order'
            ELSE 'rest' END, '{}', x.at, x.at
    FROM ledger_account a, generate_series(1, %(each)s) s, LATERAL (SELECT %(now)s - interval '1 minute' - interval '1 day'
        * (%(days)s * (1 - (s - (a.id * 7919 %% 1000) / 1000.0) / %(each)s)) AS at) x
    WHERE a.program_id = %(p)s AND a.updated_at = %(now)s""",
    "ledger_lot": """INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, due_at,
        expires_at)
    SELECT %(p)s, account_id, id, CASE WHEN y.waits THEN 'pending' ELSE 'available' END, points,
        CASE WHEN sequence %% 5 > 2 THEN points ELSE 0 END, created_at,
        CASE WHEN y.waits THEN %(now)s + interval '9 days' END, created_at + interval '800 days'
    FROM ledger_entry, LATERAL (SELECT account_id %% 100 = 1 AND sequence = %(each)s - 1 AS waits) y
    WHERE program_id = %(p)s AND key LIKE 'bench:%%' AND points > 0""",
    "orders_order": """INSERT INTO orders_order (program_id, shopify_order_id, member_id, shopify_customer_id, name, currency,
        total_minor, refunded_minor, lines, facts, judged_rules, is_test, placed_at, paid_at, shopify_updated_at, created_at,
        updated_at)
    SELECT %(p)s, %(order)s + e.id, a.member_id, 1, '#' || e.id, 'USD', 1000 + e.id * 37 %% 20000, 0, '[]', '{}', '[]', false,
        e.created_at, e.created_at, e.created_at, e.created_at, e.created_at
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    WHERE e.program_id = %(p)s AND e.key LIKE 'bench:%%' AND e.sequence %% 5 = 1""",
    "earning_award": """INSERT INTO earning_award (program_id, public_id, member_id, rule_id, entry_id, action, status, points,
        base_points, multiplier, breakdown, source, fingerprint, order_id, is_manual, is_test, due_at, created_at, updated_at)
    SELECT %(p)s, 'cer_bench_' || e.id, a.member_id, CASE WHEN e.sequence %% 5 = 3 THEN %(rule)s END, e.id,
        CASE WHEN e.sequence %% 5 < 3 THEN 'purchase' ELSE 'custom' END,
        CASE WHEN l.state = 'pending' THEN 'pending' ELSE 'approved' END, e.points, e.points, 1, '{"campaign": null}', e.source,
        '', CASE WHEN e.sequence %% 5 = 1 THEN %(order)s + e.id END, false, false, l.due_at, e.created_at, e.created_at
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id JOIN ledger_lot l ON l.entry_id = e.id
    WHERE e.program_id = %(p)s AND e.key LIKE 'bench:%%' AND e.kind = 'accrual'""",
    "rewards_redemption": """INSERT INTO rewards_redemption (program_id, public_id, member_id, reward_id, state, points_spent,
        entry_id, captured_at, terms, code, fingerprint, failure, is_refunded, refunded_by, code_needs_removal, removal_attempts,
        credit_state, credit_known, undone_order_ids, follow_up, follow_up_attempts, order_id, expires_at, created_at,
        updated_at)
    SELECT %(p)s, 'cr_bench_' || e.id, a.member_id, %(reward)s, CASE WHEN e.id %% 3 = 0 THEN 'used' ELSE 'active' END, -e.points,
        e.id, e.created_at, %(terms)s, 'BENCH-' || e.id, '', '', false, '', false, 0, '', '[]', '{}', '', 0,
        CASE WHEN e.id %% 3 = 0 THEN %(order)s + e.id - 4 END, %(now)s + interval '30 days', e.created_at, e.created_at
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    WHERE e.program_id = %(p)s AND e.key LIKE 'bench:%%' AND e.kind = 'redemption'""",
    "outbox_event": """INSERT INTO outbox_event (id, program_id, kind, member_id, sequence, payload, occurred_at, fanned_out_at)
    SELECT md5('bench' || e.id)::uuid, %(p)s, 'points.earned', a.member_id, e.sequence, '{}', e.created_at, e.created_at
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    WHERE e.program_id = %(p)s AND e.key LIKE 'bench:%%' AND e.sequence > %(each)s - 5 AND e.sequence %% 5 = 1""",
    "outbox_delivery": """INSERT INTO outbox_delivery (program_id, event_id, destination, subject, member_id, state, attempts,
        next_attempt_at, lease_number, last_error, last_response, created_at, finished_at)
    SELECT %(p)s, v.id, d.name, v.kind, v.member_id, CASE WHEN v.member_id %% 200 = 0 THEN 'dead' ELSE 'done' END, 1,
        v.occurred_at, 1, '', '', v.occurred_at, v.occurred_at
    FROM outbox_event v, (VALUES ('klaviyo'), ('omnisend')) d (name)
    WHERE v.program_id = %(p)s AND v.kind = 'points.earned' AND v.fanned_out_at = v.occurred_at""",
    "referrals_referral": """INSERT INTO referrals_referral (program_id, public_id, advocate_id, friend_email, friend_key, rule_id,
        terms, state, ended_for, held_for, decision, decided_by, note, code_state, code_attempts, network_digest, order_name,
        is_by_code, judge_attempts, award_id, redemption_id, friend_award_id, claimed_at, expires_at, converted_at,
        completed_at, created_at, updated_at)
    SELECT %(p)s, 'ref_bench_' || m.id, m.id, 'friend' || m.id || '@bench.example', 'bench' || m.id, 1, '{}',
        CASE m.id %% 4 WHEN 0 THEN 'pending' WHEN 1 THEN 'expired' ELSE 'completed' END, '',
        CASE WHEN m.id %% 400 = 0 THEN '{same_device}' ELSE '{}' END::varchar[], '', '', '', '', 0, '', '', false, 0, '', '', '',
        m.created_at, m.created_at + interval '30 days', CASE WHEN m.id %% 4 > 1 THEN m.created_at END,
        CASE WHEN m.id %% 4 > 1 THEN m.created_at END, m.created_at, m.created_at
    FROM members_member m WHERE m.program_id = %(p)s AND m.shopify_customer_id > %(customer)s""",
}  # fmt: skip
_LAST_ENTRIES = """UPDATE ledger_account a SET last_entry_id = e.id FROM ledger_entry e
    WHERE e.account_id = a.id AND e.sequence = a.sequence AND a.program_id = %(p)s"""


def fill(*, program_id: int, rule_id: int, reward_id: int, members: int, each: int) -> None:
    """Writes the crowd beside what the shop has.

    Args:
        each: Entries of a member, a multiple of five: four that bring points, and one that spends half of them.
    """
    assert each % 5 == 0, each
    values: dict[str, Any] = {
        "p": program_id, "rule": rule_id, "reward": reward_id, "members": members, "each": each, "days": DAYS,
        "now": timezone.now() - timedelta(minutes=1), "customer": FIRST_CUSTOMER, "order": FIRST_ORDER,
        "terms": json.dumps(TERMS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (*_FILL.values(), _LAST_ENTRIES):
            cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
    tidy(*_FILL)
