"""What the schedules do in a second, each run once over one shop as a worker runs it, in a process of its own.

`python -m tests.bench.schedules` measures alone, on servers that are thrown away; BENCH_MEMBERS chooses the size (40,000;
1,000,000 is the full one: about 15 GB of disk and an hour). The last line is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench.servers import own_servers, start_django

MEMBERS = int(os.environ.get("BENCH_MEMBERS", "40000"))
COUNTED = {
    "approve": ["awards"],
    "expire": ["lots"],
    "remind": ["members"],
    "requalify": ["judged"],
    "celebrate": ["birthdays", "anniversaries"],
    "tell_birthdays": ["members"],
    "expire_codes": ["codes"],
    "audit": [],
}
"""What counts as a row of a run, by the job's name; of an audit the entries and lots that it proves."""


def main() -> int:
    """Starts the servers, fills the shop and runs every schedule; `run NAME PROGRAM` is the worker of one."""
    if sys.argv[1:2] == ["run"]:
        start_django()
        print(json.dumps(_run(sys.argv[2], int(sys.argv[3]))))
        return 0
    with own_servers():
        figures = _measure(MEMBERS)
    print(json.dumps(figures))
    return 0


def _measure(members: int) -> dict[str, Any]:
    from django.core.management import call_command

    from tests.bench import big_shop

    call_command("migrate", verbosity=0)
    print(f"Filling a shop with {members:,} members", flush=True)
    shop = big_shop.fill(members)
    figures: dict[str, Any] = {"schedule_members": members}

    def measure(label: str, job: str, rows: int | None = None, before: Callable[[], None] = lambda: None) -> None:
        before()
        done = _in_a_process(job, shop.program_id)
        assert rows is None or done["rows"] == rows, (label, done, rows)
        rate = round(done["rows"] / done["seconds"])
        figures[f"{label}_rows_per_second"] = rate
        print(
            f"{label:<28}{done['rows']:>12,} rows{done['seconds']:>9.1f} s{rate:>10,} per second{done['megabytes']:>6} MB"
            f"  {done['counts']}",
            flush=True,
        )

    measure("maturing", "approve", shop.lots)
    big_shop.tidy("ledger_lot", "ledger_account", "earning_award", "outbox_event")
    measure("reminding", "remind", members)
    measure("judging_tiers", "requalify", members)
    measure("raising_tiers", "requalify", members, lambda: shop.ladder(30, 60, entry_points=5))
    big_shop.tidy("ledger_lot", "ledger_entry", "ledger_account", "tiers_tiermembership", "tiers_tierentrygrant")
    measure("judging_tiers_in_a_year", "requalify", members, lambda: shop.set(tier_period="rolling_year"))

    def by_spend() -> None:
        shop.set(tier_entry="spend", tier_period="calendar_year")
        shop.ladder(100, 200)

    measure("placing_tiers_by_spend", "requalify", members, by_spend)
    measure("celebrating", "celebrate")
    measure("telling_of_birthdays", "tell_birthdays")
    measure("ending_codes", "expire_codes", shop.codes)
    measure("audit", "audit")
    measure("expiry", "expire", None, shop.end_all_lots)
    big_shop.tidy("ledger_lot", "ledger_entry", "ledger_account", "ledger_consumption")
    measure("audit_after_expiry", "audit")
    return figures


def _in_a_process(job: str, program_id: int) -> dict[str, Any]:
    """Runs one schedule as a worker that has just started, and returns what it measured."""
    from django.db import connections

    connections.close_all()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.schedules", "run", job, str(program_id)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{job} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _run(job: str, program_id: int) -> dict[str, Any]:
    """Runs one job over the shop to its end, and returns what it did, in how many seconds and how much memory."""
    from django.utils import timezone
    from django_scopes import scope

    from loyalty.ledger.models import Entry, Lot
    from loyalty.programs.models import ScheduledRun
    from loyalty.programs.scheduling import run

    begun = timezone.now()
    started = time.perf_counter()
    while not run(name=job, programs=[program_id], work=_work(job), clock=timezone.now, begun=begun):
        pass  # its minute is up: a worker would be sent the next task
    seconds = time.perf_counter() - started
    with scope(program=program_id):
        done = ScheduledRun.objects.filter(name=job).latest("started_at")
    assert done.error == "", done.error
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = sum(done.counts.get(name, 0) for name in COUNTED[job])
    if job == "audit":
        assert done.counts["findings"] == 0, done.counts
        with scope(program=program_id):
            rows = Entry.objects.count() + Lot.objects.count()
    return {"rows": rows, "seconds": seconds, "megabytes": peak, "counts": done.counts}


def _work(job: str) -> Any:
    from loyalty.earning.tasks import approve_in, celebrate_in, tell_birthdays_in
    from loyalty.ledger.proving import prove_some
    from loyalty.ledger.tasks import expire_in, remind_in
    from loyalty.rewards.tasks import expire_some
    from loyalty.tiers.tasks import requalify_some

    return {
        "approve": approve_in, "expire": expire_in, "remind": remind_in, "requalify": requalify_some,
        "celebrate": celebrate_in, "tell_birthdays": tell_birthdays_in, "expire_codes": expire_some, "audit": prove_some,
    }[job]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
