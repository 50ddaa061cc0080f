"""Measures, prints a table and one line of JSON, and fails when a promise is broken.

The promises: an award costs at most 3 round trips; over HTTP it reaches at least 0.20 of the ceiling; a redemption's time
does not depend on the member's past (within 1.25); an award in a batch costs at most an
eighth of one sent alone; no page of the admin is over its budget; both sides write the same rows; the audit is clean
afterwards.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import time

from tests.a_demo import a_demo

CONNECTIONS = (1, 8, 32)
ROUNDS, SECONDS = 3, 5
TABLES = (
    "ledger_account", "ledger_entry", "ledger_lot", "ledger_consumption", "ledger_hold", "earning_award", "outbox_event",
    "outbox_delivery", "idempotency_record", "earning_actioncall",
)  # fmt: skip
FLOOR, MOST_TRIPS, FLATNESS, MOST_OF_BATCH = 0.20, 3, 1.25, 1 / 8


def main() -> int:
    """Starts the demo, measures, and stops it again."""
    scheduled = _alone("schedules") | _alone("pages")
    with a_demo(ENCORE_DELIVERY_PACE="1000") as demo:  # the relay, not a limit
        return _measure(demo.environment, scheduled)


def _alone(name: str) -> dict:
    """A bench over one big shop, on servers of its own before the demo's processes compete for the machine.

    One that ends with a fault but told its figures has broken a promise: the figures say which.
    """
    done = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], stdout=subprocess.PIPE, text=True, check=False)
    *table, figures = done.stdout.splitlines() or [""]
    print("\n".join(table), flush=True)
    if not figures.startswith("{"):
        raise SystemExit(f"the {name} could not be measured: {figures}")
    return dict(json.loads(figures))


def _measure(environment: dict[str, str], scheduled: dict) -> int:
    os.environ.update(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    # Django is set up by now, so its models may be imported.
    from tests.bench import batch, ceiling, load, redeem, relay, round_trips, shop

    print("Filling a shop with 100,000 members", flush=True)
    measured = shop.fill(f"bench-{secrets.token_hex(4)}.myshopify.com")
    ceiling.install()
    order: dict = {
        "url": environment["APP_URL"], "secret": environment["SHOPIFY_CLIENT_SECRETS"].split(",")[0],
        "domain": measured.domain, "action_key": shop.ACTION_KEY, "first": shop.FIRST_CUSTOMER, "members": shop.AWARDED,
        "requests": 6000 * SECONDS,
    }  # fmt: skip
    load.measure({**order, "connections": 8, "seconds": 2, "run": "warm-up"})
    rates: dict[str, list[float]] = {"ceiling": [], **{str(n): [] for n in CONNECTIONS}}
    rows: dict[str, dict[str, float]] = {}
    for number in range(ROUNDS):
        print(f"Round {number + 1} of {ROUNDS}", flush=True)
        _settle()
        before = _written()
        rates["ceiling"].append(ceiling.measure(measured, seconds=SECONDS, run=number))
        rows["ceiling"] = _per_award(before)
        for connections in CONNECTIONS:
            _settle()
            before = _written()
            run = f"{number}-{connections}"
            rates[str(connections)].append(
                load.measure({**order, "connections": connections, "seconds": SECONDS, "run": run})
            )
            rows["http"] = _per_award(before)
    trips = round_trips.measure(measured, order["secret"], environment)
    _settle()
    alone, together = batch.measure(measured, environment["APP_URL"])
    _settle()
    flatness, medians = redeem.measure(measured)
    _settle()
    relayed = relay.measure(measured, environment["SANDBOX_URL"])
    return _report(rates, rows, trips, flatness, medians, scheduled, (alone, together), relayed, measured.program_id)


def _settle() -> None:
    """Waits until the workers have nothing left of the round before, so that each starts alike."""
    from django.db import connection

    deadline = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM outbox_event WHERE fanned_out_at IS NULL")
            if cursor.fetchone()[0] == 0:
                break
            time.sleep(0.2)
        cursor.execute("CHECKPOINT")


def _written() -> dict[str, int]:
    """Rows inserted and updated so far, by table, as PostgreSQL counts them (the relay's own marks left out)."""
    from django.db import connection

    with connection.cursor() as cursor:
        time.sleep(1.2)  # the statistics arrive with a delay
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            """SELECT relname, n_tup_ins + CASE WHEN relname IN ('outbox_event', 'outbox_delivery') THEN 0 ELSE n_tup_upd END
            FROM pg_stat_user_tables WHERE relname = ANY(%s)""",
            [list(TABLES)],
        )
        return dict(cursor.fetchall())


def _per_award(before: dict[str, int]) -> dict[str, float]:
    after = _written()
    changed = {table: after[table] - before[table] for table in TABLES}
    awards = changed["earning_award"]
    return {table: round(count / awards, 2) for table, count in changed.items() if count}


def _report(rates, rows, trips, flatness, medians, scheduled, batches, relayed, program_id) -> int:
    from loyalty.ledger.audit import audit

    middle = {name: statistics.median(values) for name, values in rates.items()}
    ratios = {str(n): middle[str(n)] / middle["ceiling"] for n in CONNECTIONS}
    best = max(ratios.values())
    print(f"\n{'award':<34}{'per second':>12}{'of the ceiling':>17}")
    print(f"{'one SQL function, 16 clients':<34}{middle['ceiling']:>12,.0f}{1:>17.2f}")
    for n in CONNECTIONS:
        name = f"Flow over HTTP, {n} connection" + ("s" if n > 1 else "")
        print(f"{name:<34}{middle[str(n)]:>12,.0f}{ratios[str(n)]:>17.2f}")
    print(f"\nrows written per award, ceiling: {rows['ceiling']}\nrows written per award, HTTP:    {rows['http']}")
    print(f"round trips per award: {trips:g}\n\n{'hold + capture, lots spent before':<36}{'median ms':>10}")
    for past, median in medians.items():
        print(f"{past:<36,}{median:>10.3f}")
    alone, together = batches
    print(f"\nREST, an award alone: {alone:.2f} ms; in a batch of 1,000: {together:.3f} ms ({together / alone:.3f})")
    print(
        f"\nrelay: {relayed.fanned_out:,.0f} events fanned out a second; {relayed.delivered:,.0f} told to a vendor a second, "
        f"bare calls {relayed.bare:,.0f} ({relayed.delivered / relayed.bare:.2f})"
    )
    findings = audit(program_id=program_id)
    broken = [
        *(["an award costs more than 3 round trips"] if trips > MOST_TRIPS else []),
        *(["an award over HTTP is below 0.20 of the ceiling"] if best < FLOOR else []),
        *(["a redemption's time depends on the past"] if flatness > FLATNESS else []),
        *(["an award in a batch costs more than an eighth"] if together / alone > MOST_OF_BATCH else []),
        *(["the two sides write different rows"] if rows["ceiling"] != rows["http"] else []),
        *([f"pages over their budget: {scheduled['pages_over_budget']}"] if scheduled["pages_over_budget"] else []),
        *([f"the audit finds {len(findings)} rows that lie: {findings[:3]}"] if findings else []),
    ]
    figures = {
        "award_http_to_ceiling": round(best, 3),
        "award_round_trips": trips,
        "award_batch_to_single": round(together / alone, 3),
        "redeem_flatness": round(flatness, 3),
        "award_http_to_ceiling_by_connections": {n: round(ratio, 3) for n, ratio in ratios.items()},
        "awards_per_second": {name: round(rate) for name, rate in middle.items()},
        "redeem_median_ms": {str(past): round(median, 3) for past, median in medians.items()},
        "rows_per_award": rows["http"],
        "relay_to_bare_calls": round(relayed.delivered / relayed.bare, 2),
        "relay_per_second": {"fanned_out": round(relayed.fanned_out), "delivered": round(relayed.delivered)},
        **scheduled,
        "broken": broken,
    }
    print()
    for line in broken:
        print(f"BROKEN: {line}")
    print(json.dumps(figures))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
