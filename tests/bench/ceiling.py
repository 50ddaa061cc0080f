"""The ceiling: the same durable writes as one hand-written SQL function, driven by pgbench. No Python in between."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from django.db import connection

from config.launcher.postgres import binaries
from tests.bench.shop import AWARDED, FIRST_CUSTOMER, Shop

CLIENTS = 16
_FUNCTION = """
CREATE OR REPLACE FUNCTION bench_award(p_program bigint, p_rule bigint, p_customer bigint, p_run text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    a ledger_account%ROWTYPE;
    entry bigint;
    public text := 'cer_' || substr(md5(p_run), 1, 20);
BEGIN
    SELECT t.* INTO STRICT a FROM ledger_account t JOIN members_member m ON m.id = t.member_id
        WHERE m.program_id = p_program AND m.shopify_customer_id = p_customer FOR NO KEY UPDATE OF t;
    PERFORM 1 FROM earning_award w WHERE w.program_id = p_program AND w.idempotency_key = 'flow:' || p_run;
    IF FOUND THEN RETURN a.available; END IF;
    UPDATE ledger_account t SET available = t.available + 250, lifetime = t.lifetime + 250, sequence = t.sequence + 1,
        last_entry_id = nextval('ledger_entry_id_seq'), updated_at = now() WHERE t.id = a.id RETURNING * INTO a;
    entry := a.last_entry_id;
    INSERT INTO ledger_entry (id, program_id, account_id, sequence, kind, points, shortfall, balance_after, key, source, details,
        effective_at, created_at)
    VALUES (entry, p_program, a.id, a.sequence, 'accrual', 250, 0, a.available, 'award:' || public, 'flow',
        '{"rule_id": "rule_bench", "rule_number": 3, "rule_name": "Action 3", "action": "custom"}', now(), now());
    INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at, available_at)
    VALUES (p_program, a.id, entry, 'available', 250, 250, now(), now());
    INSERT INTO outbox_event (id, program_id, kind, member_id, sequence, payload, occurred_at)
    VALUES (gen_random_uuid(), p_program, 'points.earned', a.member_id, a.sequence, jsonb_build_object('entry_id', entry,
        'points', 250, 'balance', a.available, 'lifetime', a.lifetime, 'source', 'earning_rule', 'door', 'flow',
        'rule_id', 'rule_bench', 'rule_number', 3, 'rule_name', 'Action 3', 'action', 'custom'), now());
    INSERT INTO earning_award (program_id, public_id, member_id, rule_id, rule_version, entry_id, action, action_key, status,
        points, base_points, multiplier, balance_after, breakdown, source, source_reference, idempotency_key, fingerprint,
        is_manual, is_test, given_at, created_at, updated_at)
    VALUES (p_program, public, a.member_id, p_rule, 1, entry, 'custom', 'bench_action_3', 'approved', 250, 100, 2.5,
        a.available, '{"rule": {"id": "rule_bench", "name": "Action 3", "version": 1}, "base": "100", "base_from": "rule",
        "tier": {"name": "Bronze", "multiplier": "1.000", "applies": true}, "campaign": {"name": "Campaign 1",
        "multiplier": "2.500"}, "campaigns_passed_over": ["Campaign 0"], "rounding": "down, once, at the end", "points": 250}',
        'flow', p_run, 'flow:' || p_run, md5(p_run) || md5(p_run), false, false, now(), now(), now());
    RETURN a.available;
END $$"""


def install() -> None:
    """Puts the function in the database."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)


def measure(shop: Shop, *, seconds: int, run: int) -> float:
    """Returns awards per second of `CLIENTS` clients."""
    script = (
        f"\\set customer random({FIRST_CUSTOMER}, {FIRST_CUSTOMER + AWARDED - 1})\n"
        f"\\set n random(1, 9000000000000000)\n"
        f"SELECT bench_award({shop.program_id}, {shop.rule_id}, :customer, 'c{run}-' || :n);\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        values = connection.settings_dict
        command = [
            str(binaries() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds),
            "-f", file.name, "-h", str(values["HOST"]), "-p", str(values["PORT"] or 5432), "-U", str(values["USER"]),
            str(values["NAME"]),
        ]  # fmt: skip
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path.cwd()).stdout
    found = re.search(r"tps = ([0-9.]+)", output)
    assert found, output
    return float(found[1])
