"""What the schedules do in a second: points that expire, and points that become spendable, on 200,000 lots of 40,000 members.

Members and their lots are written by one statement a table; the schedules then run as the workers run them, step by step.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import approve_some
from loyalty.ledger.audit import audit
from loyalty.ledger.operations.expiry import expire_some
from loyalty.programs.models import Program, ScheduledRun
from loyalty.tiers.models import Tier

MEMBERS, LOTS_EACH = 40_000, 5

_FILL = (
    """INSERT INTO members_member (program_id, shopify_customer_id, status, exclusion_reason, excluded_by, tags, referral_code,
        enrolled_at, created_at, updated_at)
    SELECT %(p)s, n, 'member', '', '', '{}', 'S' || n, %(at)s, %(at)s, %(at)s FROM generate_series(1, %(members)s) n""",
    """INSERT INTO tiers_tiermembership (program_id, member_id, tier_id, is_locked, reached_at)
    SELECT program_id, id, %(tier)s, false, %(at)s FROM members_member WHERE program_id = %(p)s""",
    """INSERT INTO ledger_account (program_id, member_id, available, pending, held, debt, lifetime, redeemed, sequence, updated_at)
    SELECT program_id, id, %(available)s * 10, %(pending)s * 10, 0, 0, %(available)s * 10, 0, %(lots)s, %(at)s
    FROM members_member WHERE program_id = %(p)s""",
    """INSERT INTO ledger_entry (program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source, details,
        effective_at, created_at)
    SELECT %(p)s, a.id, n, 'accrual', 10, 0, 10 * n, 'bench:' || a.id || ':' || n, 'bench', '{}', %(at)s, %(at)s
    FROM ledger_account a, generate_series(1, %(lots)s) n WHERE a.program_id = %(p)s""",
    """UPDATE ledger_account a SET last_entry_id = e.id FROM ledger_entry e
    WHERE e.account_id = a.id AND e.sequence = a.sequence AND a.program_id = %(p)s""",
    """INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, due_at, available_at,
        expires_at)
    SELECT %(p)s, account_id, id, CASE WHEN %(pending)s > 0 THEN 'pending' ELSE 'available' END, 10, 10, %(at)s,
        CASE WHEN %(pending)s > 0 THEN %(ends)s END, CASE WHEN %(pending)s = 0 THEN %(at)s END,
        CASE WHEN %(pending)s = 0 THEN %(ends)s END
    FROM ledger_entry WHERE program_id = %(p)s""",
    """INSERT INTO earning_award (program_id, public_id, member_id, entry_id, action, status, points, base_points, multiplier,
        breakdown, source, fingerprint, is_manual, is_test, due_at, created_at, updated_at)
    SELECT %(p)s, 'cer_bench_' || e.id, a.member_id, e.id, 'custom', 'pending', 10, 10, 1, '{}', 'rest', '', false, false,
        %(ends)s, %(at)s, %(at)s
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.program_id = %(p)s AND %(pending)s > 0""",
)
_TABLES = ("members_member", "tiers_tiermembership", "ledger_account", "ledger_entry", "ledger_lot", "earning_award")


def measure(*, members: int = MEMBERS, lots_each: int = LOTS_EACH) -> dict[str, int]:
    """Returns lots per second of both schedules, under the keys of the line of JSON."""
    expiring = _fill(members, lots_each, pending=False)
    maturing = _fill(members, lots_each, pending=True)
    lots = members * lots_each
    return {
        "expiry_rows_per_second": _drive(expiring, _expire, lots),
        "maturing_rows_per_second": _drive(maturing, _approve, lots),
    }


def _expire(now, cursor):
    step = expire_some(now=now, cursor=cursor)
    return step.cursor, step.lots


def _approve(now, cursor):
    step = approve_some(now=now, cursor=cursor)
    return step.cursor, step.awards


def _fill(members: int, lots_each: int, *, pending: bool) -> Program:
    now = timezone.now()
    domain = f"bench-{secrets.token_hex(4)}.myshopify.com"
    program = Program.objects.create(name="Schedules", shopify_domain=domain, created_at=now, updated_at=now)
    with scope(program=program):
        tier = Tier.objects.create(
            program=program, public_id=f"tier_{program.pk}", name="Base", threshold=0, created_at=now, updated_at=now
        )
        for name in ("expire", "approve"):  # the demo's own workers keep off what is measured
            ScheduledRun.objects.create(
                program=program, name=name, started_at=now, leased_until=now + timedelta(hours=1)
            )
    values: dict[str, Any] = {
        "p": program.pk, "tier": tier.pk, "members": members, "lots": lots_each, "at": now - timedelta(days=30),
        "ends": now - timedelta(days=1), "available": 0 if pending else lots_each, "pending": lots_each if pending else 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement, values)
        for table in _TABLES:
            cursor.execute(f"ANALYZE {table}")
    return program


def _drive(program: Program, step, lots: int) -> int:
    now, rows = timezone.now(), 0
    cursor: str | None = ""
    with scope(program=program):
        started = time.perf_counter()
        while cursor is not None:
            cursor, done = step(now, cursor)
            rows += done
        elapsed = time.perf_counter() - started
    assert rows == lots, (rows, lots)
    assert audit(program_id=program.pk) == []
    return round(rows / elapsed)
