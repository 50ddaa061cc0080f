"""Awards and redemptions while `kill -9` hits the web server and the workers; afterwards the books are proved.

    python -m tests.crash.storm --seed 7 --kills 5 [--awards 200] [--redemptions 50] [--hurry]

Seeded: the order of the calls, the moments of the kills and their victims follow from the seed, which is printed. Nothing
may be lost, nothing doubled; every redemption has its code in Shopify or its points back; no orphan code works; the audit
is clean. `--hurry` confirms removed codes at once instead of waiting until no request can still be on its way.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.crash.callers import Caller, Job
from tests.crash.house import MANNERS, House

MEMBERS, CALLERS, POINTS, COST, START = 20, 8, 100, 40, 1000


@dataclass
class Storm:
    """One run: what was asked, and what came of it."""

    seed: int
    awards: int
    redemptions: int
    kills: int
    rng: random.Random = field(init=False)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def jobs(self) -> list[Job]:
        """All calls in their shuffled order."""
        kinds = ["flow" if number % 2 else "rest" for number in range(self.awards)] + ["buy"] * self.redemptions
        made = [Job(kind, number, 7000 + self.rng.randrange(MEMBERS)) for number, kind in enumerate(kinds)]
        self.rng.shuffle(made)
        return made

    def strikes(self, jobs: int) -> list[int]:
        """After how many finished calls each kill comes."""
        return sorted(self.rng.sample(range(jobs // 20, jobs - jobs // 10), self.kills))

    def check(self, is_true: object, otherwise: str) -> None:
        """Note what does not hold."""
        if not is_true:
            self.problems.append(otherwise)


def rage(storm: Storm, house: House, caller: Caller, jobs: list[Job]) -> None:
    """Run every call while processes die; the main thread kills and restarts."""
    strikes, done = storm.strikes(len(jobs)), 0
    with ThreadPoolExecutor(CALLERS) as pool:
        running = [pool.submit(caller.run, job) for job in jobs]
        while done < len(jobs):
            house.watch()
            done = sum(each.done() for each in running)
            if strikes and done >= strikes[0]:
                strikes.pop(0)
                for name in ("web", storm.rng.choice(house.names("worker"))):
                    manner = storm.rng.choice(MANNERS)
                    victim = house.kill(name, manner, storm.rng)
                    print(f"after {done} calls: kill -9 {manner} of {name} ({victim})", flush=True)
            time.sleep(0.02)


def settle(storm: Storm, house: House, shop: Any, *, hurry: bool) -> None:
    """Wait until no row is on its way any more."""
    from django.utils import timezone

    from loyalty.outbox.models import Delivery, Event
    from loyalty.rewards.models import Redemption
    from loyalty.rewards.operations import remove_code

    def at_rest() -> bool:
        house.watch()
        if Redemption.objects.filter(state="holding").exists():
            return False
        if hurry:  # a minute later nothing of ours can still be on its way; say that it is then
            later = timezone.now() + timedelta(seconds=90)
            return all(
                remove_code(redemption_id=each.pk, now=later)
                for each in Redemption.objects.filter(code_needs_removal=True)
            )
        unfinished = Delivery.objects.filter(state__in=["pending", "sending"]).exists()
        untold = Event.objects.filter(fanned_out_at=None).exists()
        return not (unfinished or untold or Redemption.objects.filter(code_needs_removal=True).exists())

    with shop.scope():
        storm.check(wait(at_rest, 30 if hurry else 280), "something is still unfinished long after the last kill")


def wait(is_true: Callable[[], bool], seconds: float) -> bool:
    """Poll."""
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            return False
        time.sleep(0.3)
    return True


def prove(storm: Storm, shop: Any, caller: Caller, jobs: list[Job], store: dict[str, Any], *, hurry: bool) -> None:
    """Hold the books against what the callers were told."""
    from django.utils import timezone

    from loyalty.earning.models import Award
    from loyalty.ledger.audit import audit
    from loyalty.ledger.models import Entry, Hold
    from loyalty.rewards.models import Redemption

    for job in jobs:
        storm.check(not job.problem, f"{job.key}: {job.problem}")
    awards = [job for job in jobs if job.kind != "buy"]
    buys = [job for job in jobs if job.kind == "buy"]
    with shop.scope():
        before = shop.rows()
        for job in jobs:
            again = caller.run(Job(job.kind, job.number, job.customer_id))
            storm.check(again.made == job.made, f"{job.key} said {job.made} and now {again.made}")
        storm.check(shop.rows() == before, "repeating every call changed something")
        told = {job.made for job in awards}
        storm.check(len(told) == len(awards), "two awards got one id")
        stored = set(Award.objects.values_list("public_id", flat=True))
        storm.check(stored == told, f"awards lost {told - stored} or doubled {stored - told}")
        entries = Entry.objects.filter(kind="accrual").exclude(key__startswith="give-").count()
        storm.check(entries == len(awards), f"{entries} entries for {len(awards)} awards")
        active = dict(Redemption.objects.filter(state="active").values_list("public_id", "code"))
        storm.check(
            set(active) == {job.made for job in buys}, "active redemptions are not those the callers were told of"
        )
        codes = [each["code"] for each in store["discounts"]]
        storm.check(len(codes) == len(set(codes)), "a code was made twice")
        storm.check(
            set(active.values()) <= set(codes), f"codes missing in Shopify: {set(active.values()) - set(codes)}"
        )
        storm.check(set(codes) <= set(active.values()), f"orphan codes in Shopify: {set(codes) - set(active.values())}")
        storm.check(not Hold.objects.filter(state="active").exists(), "points are still held")
        for number in range(MEMBERS):
            who = 7000 + number
            expected = START + POINTS * sum(job.customer_id == who for job in awards)
            expected -= COST * sum(job.customer_id == who for job in buys)
            stands = shop.balances(shop.member(who), timezone.now())
            storm.check(stands.available == expected, f"customer {who} has {stands.available}, not {expected}")
        if not hurry:
            earned = [each for each in store["triggers"] if each["handle"] == "loyalty-points-earned"]
            events = {each["payload"].get("Event id") for each in earned}
            storm.check(len(events) >= len(awards), f"only {len(events)} of {len(awards)} awards reached Flow")
        lies = audit(program_id=shop.program.pk)
        storm.check(not lies, f"the audit finds {lies}")


def main() -> int:
    """Run one storm; 0 when every promise held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    for name, default in (("kills", 5), ("awards", 200), ("redemptions", 50)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--hurry", action="store_true")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    storm = Storm(given.seed, given.awards, given.redemptions, given.kills)
    house = House()
    try:
        house.start()
        shop, caller, sandbox = furnish(house)
        jobs = storm.jobs()
        rage(storm, house, caller, jobs)
        settle(storm, house, shop, hurry=given.hurry)
        prove(storm, shop, caller, jobs, sandbox.store(caller.domain), hurry=given.hurry)
    finally:
        house.stop()
    tries = sum(job.tries for job in jobs)
    print(
        f"{given.awards} awards, {given.redemptions} redemptions, {tries} calls, {given.kills} times two processes killed"
    )
    for problem in storm.problems:
        print(f"BROKEN: {problem}")
    print("Every promise held." if not storm.problems else f"Replay with --seed {given.seed}")
    return 1 if storm.problems else 0


def furnish(house: House) -> tuple[Any, Caller, Any]:
    """An installed shop with members, an action and a reward."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # after the servers have chosen their addresses

    django.setup()
    from django.utils import timezone

    from shopify_app.shops.operations import install
    from tests.a_shop import AShop
    from tests.sandbox_client import Sandbox

    sandbox, now = Sandbox(os.environ["SHOPIFY_GATEWAY"]), timezone.now()
    customers = [{"id": 7000 + number, "email": f"{7000 + number}@example.com"} for number in range(MEMBERS)]
    domain = sandbox.new_store(customers=customers)
    shop = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=now).program)
    for number in range(MEMBERS):
        shop.member(7000 + number, points=START, now=now)
    shop.action("storm", POINTS, now=now)
    reward = shop.reward(COST, now=now)
    return shop, Caller(house.web_url, domain, shop.key(requests_per_second=10_000), reward.public_id), sandbox


if __name__ == "__main__":
    sys.exit(main())
