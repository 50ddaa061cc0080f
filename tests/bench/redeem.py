"""Whether a long past slows a redemption: hold and capture in the database, by the number of lots already spent."""

from __future__ import annotations

import statistics
import time

from django.db import connection
from django.utils import timezone

from tests.bench.shop import AWARDED, FIRST_CUSTOMER, Shop

PASTS = (10, 1_000, 100_000)
ROUNDS, REDEMPTIONS = 11, 60
_PAST = """
WITH a AS (SELECT t.id, t.program_id FROM ledger_account t JOIN members_member m ON m.id = t.member_id
           WHERE m.program_id = %(p)s AND m.shopify_customer_id = %(c)s),
entries AS (
    INSERT INTO ledger_entry (program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source, details,
        effective_at, created_at)
    SELECT a.program_id, a.id, n, 'accrual', 10, 0, 10 * n, 'past:' || a.id || ':' || n, 'bench', '{}',
        now() - interval '1 year' + n * interval '1 second', now() FROM a, generate_series(1, %(n)s) n
    RETURNING id, program_id, account_id, sequence),
spent AS (
    INSERT INTO ledger_entry (program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source, details,
        effective_at, created_at)
    SELECT a.program_id, a.id, %(n)s + 1, 'redemption', -10 * %(n)s, 0, 0, 'past:' || a.id || ':spent', 'bench', '{}', now(),
        now() FROM a RETURNING id, program_id, account_id),
hold AS (
    INSERT INTO ledger_hold (program_id, account_id, key, state, points, balance_after, entry_id, created_at, ended_at)
    SELECT program_id, account_id, 'past:' || account_id, 'captured', 10 * %(n)s, 0, id, now(), now() FROM spent
    RETURNING id, entry_id),
lots AS (
    INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, available_at)
    SELECT program_id, account_id, id, 'available', 10, 0, now() - interval '1 year' + sequence * interval '1 second', now()
    FROM entries RETURNING id, program_id),
paid AS (
    INSERT INTO ledger_consumption (program_id, lot_id, entry_id, hold_id, points, created_at)
    SELECT lots.program_id, lots.id, hold.entry_id, hold.id, 10, now() FROM lots, hold)
UPDATE ledger_account t SET sequence = %(n)s + 1, redeemed = 10 * %(n)s, lifetime = 10 * %(n)s FROM a WHERE t.id = a.id
"""


def measure(shop: Shop) -> tuple[float, dict[int, float]]:
    """Returns the slowest ÷ the fastest median over the pasts, and each median in milliseconds.

    Rounds are interleaved, so that a noisy minute hits every past alike. Without waiting for the disk: it is the work in
    the database that is compared.
    """
    accounts = {past: _account_with(shop, past, number) for number, past in enumerate(PASTS)}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_lot, ledger_entry, ledger_hold, ledger_consumption")
        cursor.execute("SET synchronous_commit = off")
        times: dict[int, list[float]] = {past: [] for past in PASTS}
        for round_number in range(-2, ROUNDS):  # two to warm up
            for past, account in accounts.items():
                started = time.perf_counter()
                for n in range(REDEMPTIONS):
                    _redeem(cursor, shop, account, f"bench:{past}:{round_number}:{n}")
                if round_number >= 0:
                    times[past].append((time.perf_counter() - started) / REDEMPTIONS * 1000)
        cursor.execute("RESET synchronous_commit")
    medians = {past: statistics.median(values) for past, values in times.items()}
    return max(medians.values()) / min(medians.values()), medians


def _account_with(shop: Shop, past: int, number: int) -> int:
    customer = FIRST_CUSTOMER + AWARDED + number
    with connection.cursor() as cursor:
        cursor.execute(_PAST, {"p": shop.program_id, "c": customer, "n": past})
        cursor.execute(
            """SELECT t.id FROM ledger_account t JOIN members_member m ON m.id = t.member_id
            WHERE m.program_id = %s AND m.shopify_customer_id = %s""",
            [shop.program_id, customer],
        )
        account = int(cursor.fetchone()[0])
        for lot in range(20):  # open lots to spend from, the same for every past
            cursor.execute(
                "SELECT outcome FROM ledger_accrue(%s,%s,%s,'accrual',100000,'bench',%s,NULL,NULL,true,'{}',NULL,%s)",
                [shop.program_id, account, f"open:{account}:{lot}", timezone.now(), timezone.now()],
            )
    return account


def _redeem(cursor, shop: Shop, account: int, key: str) -> None:
    now = timezone.now()
    cursor.execute(
        "SELECT outcome, hold_id FROM ledger_hold(%s,%s,%s,%s,%s)", [shop.program_id, account, key, 500, now]
    )
    outcome, hold = cursor.fetchone()
    assert outcome == "done", outcome
    cursor.execute(
        "SELECT outcome FROM ledger_capture(%s,%s,%s,'bench','{}',NULL,%s)", [shop.program_id, hold, key, now]
    )
    assert cursor.fetchone()[0] == "done"
