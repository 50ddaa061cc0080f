"""Every page of the admin on a shop with 200,000 members: milliseconds in process, and how often it asks the database.

`python -m tests.bench.pages` measures alone, on servers that are thrown away; BENCH_PAGE_MEMBERS chooses the size, and
BENCH_ENTRIES how many entries each member has (5). The last line is JSON; it fails when a page is over its budget.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from decimal import Decimal
from functools import partial
from typing import Any

from tests.bench.servers import own_servers

MEMBERS = int(os.environ.get("BENCH_PAGE_MEMBERS", "200000"))
EACH = int(os.environ.get("BENCH_ENTRIES", "5"))
ROUNDS = 5
MOST_MILLISECONDS, MOST_QUERIES = 300, 15
"""The budget of a page (issue: the merchant's admin, 11): the median of its rounds, and statements."""
SLOWEST = 12
"""How many pages the JSON names."""
MEMBER_LISTS = (
    "q=bench", "q=m777@bench.example", "q=Bench 4242", "status=excluded", "status=testing", "tier=none", "tier=tier_base",
    "tier=tier_gold",
    "activity=earned-7", "activity=earned-90", "activity=spent-30", "activity=quiet-90", "birthday=5", "min=100", "max=50", "owes=1",
    "from=2026-01-01&until=2026-06-30", "sort=balance", "sort=lifetime", "sort=name", "sort=balance&tier=tier_gold",
    "sort=name&activity=earned-90&min=40", "sort=lifetime&q=member", "sort=balance&q=.example", "sort=name&q=bench",
    "sort=lifetime&q=a", "sort=lifetime&q=nobody", "sort=balance&q=m777", "page=400", "sort=name&page=2000",
)  # fmt: skip
ACTIVITY_LISTS = (
    "kind=accrual", "kind=pending", "kind=matured", "kind=redemption", "kind=expiry", "kind=adjustment", "kind=reversal",
    "kind=opening",
    "kind=issued", "kind=redeemed", "by=staff", "by=rest", "by=flow", "by=order", "by=order&kind=accrual&from=2026-01-01", "by=reward",
    "tests=only", "tests=none", "member=m777@bench.example", "from=2025-06-01&until=2025-06-30", "page=500", "kind=accrual&tests=none",
)  # fmt: skip
BY_CAUSE = (
    "&by=flow",
    "",
    "&page=400",
    "&kind=accrual",
    "&kind=redemption",
    "&tests=only",
    "&from=2025-06-01&until=2025-06-30",
)
DELIVERY_LISTS = (
    "to=klaviyo", "to=webhook", "to=codes", "state=done", "state=dead", "state=pending", "to=klaviyo&state=dead",
    "to=omnisend&state=done",
    "member=m777@bench.example", "kind=points.earned", "from=2025-06-01&until=2025-06-30", "page=500",
)  # fmt: skip
ANALYTICS = (
    "range=7",
    "range=365",
    "range=365&compare=year",
    "range=year",
    "range=custom&from=2024-01-01&until=2026-12-31",
)
REFERRALS = ("state=held", "state=pending", "state=friend_converted", "state=expired", "state=ended", "page=500")


def main() -> int:
    """Fills the shop, measures each page, and prints the table and the line."""
    with own_servers():
        figures = _measure()
    print(json.dumps(figures))
    return 1 if figures["pages_over_budget"] else 0


def _measure() -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from django_scopes import scope

    from loyalty.analytics.models import RollUp
    from loyalty.tiers.operations import create_tier
    from tests.bench import big_shop, crowd
    from tests.browser.shop import filled_shop
    from tests.rolling_up import roll_up

    call_command("migrate", verbosity=0)
    shop = filled_shop()
    with scope(program=shop.program):
        for name, threshold in (("Silver", 10**6), ("Gold", 10**7)):
            create_tier(program=shop.program, name=name, threshold=threshold, multiplier=Decimal(1), now=timezone.now())
    print(f"Filling a shop with {MEMBERS:,} members and {MEMBERS * EACH:,} entries", flush=True)
    began = time.perf_counter()
    crowd.fill(program_id=shop.program.pk, rule_id=shop.action.pk, reward_id=shop.reward.pk, members=MEMBERS, each=EACH)
    print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
    rolled = {"first": _seconds(lambda: roll_up(shop.program, timezone.now()))}
    with scope(program=shop.program):
        RollUp.objects.update(whole_on=None)
    rolled["daily"] = _seconds(lambda: roll_up(shop.program, timezone.now()))
    rolled["hourly"] = _seconds(lambda: roll_up(shop.program, timezone.now()))
    big_shop.tidy("analytics_day", "analytics_reach", "analytics_tierday", "analytics_campaignday")
    print("roll-up: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in rolled.items()), flush=True)
    pages = _pages(shop.user, [*shop.paths(), *_lists(shop)])
    connection.close()
    return {
        "page_members": MEMBERS,
        "page_entries": MEMBERS * EACH,
        "roll_up_seconds": {name: round(seconds, 1) for name, seconds in rolled.items()},
        **_figures(pages),
    }


def _lists(shop: Any) -> list[str]:
    from django_scopes import scope

    from loyalty.members.models import Member
    from loyalty.tiers.models import Tier

    with scope(program=shop.program):
        busiest = Member.objects.get(email="m777@bench.example").pk
        gold = Tier.objects.get(name="Gold").public_id
    causes = (f"rule={shop.action.public_id}", f"reward={shop.reward.public_id}")
    lists = {
        "members": MEMBER_LISTS,
        "activity": (*ACTIVITY_LISTS, *(f"{cause}{more}" for cause in causes for more in BY_CAUSE)),
        "deliveries": DELIVERY_LISTS,
        "analytics": ANALYTICS,
        "referrals": REFERRALS,
    }
    found = [f"{name}?{query.replace('tier_gold', gold)}" for name, queries in lists.items() for query in queries]
    return [*found, f"members/{busiest}"]


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _pages(user: str, paths: list[str]) -> list[tuple[str, float, float, int]]:
    """Asks for each page once for what is read once in a process, and then `ROUNDS` times; slowest first."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.login(username=user, password=user)
    found = []
    for path in dict.fromkeys(paths):
        address = f"/standalone/{path}"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            status = client.get(address).status_code
        queries = len(asked)  # now: the next request empties the log
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        if os.environ.get("BENCH_EXPLAIN"):
            slow = max(asked.captured_queries, key=lambda each: float(each["time"]), default=None)
            if slow and float(slow["time"]) > 0.1:
                print(f"   {path}: {slow['time']} s: {slow['sql'][:1500]}", flush=True)
        times = [_seconds(partial(client.get, address)) * 1000 for _ in range(ROUNDS)]
        found.append((path, statistics.median(times), max(times), queries))
    return sorted(found, key=lambda each: -each[1])


def _figures(pages: list[tuple[str, float, float, int]]) -> dict[str, Any]:
    print(f"\n{'page':<100}{'median ms':>10}{'worst':>8}{'queries':>9}")
    for path, median, worst, queries in pages:
        over = median > MOST_MILLISECONDS or queries > MOST_QUERIES
        print(f"/{path:<99}{median:>10.0f}{worst:>8.0f}{queries:>9}{'  OVER' if over else ''}", flush=True)
    return {
        "pages": len(pages),
        "page_median_ms": round(statistics.median(median for _path, median, _worst, _queries in pages)),
        "page_p95_ms": round(statistics.quantiles([median for _path, median, *_ in pages], n=20)[-1]),
        "page_slowest_ms": {path: round(median) for path, median, _worst, _queries in pages[:SLOWEST]},
        "page_most_queries": max(queries for *_times, queries in pages),
        "pages_over_budget": [
            path for path, median, _worst, queries in pages if median > MOST_MILLISECONDS or queries > MOST_QUERIES
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
