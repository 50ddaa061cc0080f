"""One shop's Shopify is slow: its purchases wait, and nobody else does."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.utils import timezone

from shopify_app.shops.operations import install
from tests.a_shop import AShop
from tests.conftest import CUSTOMER

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


@pytest.fixture
def slow(live):
    """A shop whose Shopify takes four seconds for everything, with eight members who can buy."""
    for number in range(AT_ONCE):
        live.member(8000 + number, points=500, now=timezone.now())
    yield live
    live.sandbox.faults(live.domain, slow_ms=0)


@pytest.fixture
def other(live):
    """Another shop, whose Flow runs an action."""
    domain = live.sandbox.new_store(customers=[CUSTOMER])
    shop = AShop(install(domain=domain, id_token=live.sandbox.id_token(domain), now=timezone.now()).program)
    shop.member(7001, now=timezone.now())
    shop.action(points=100)
    return shop


def run(live, shop, number):
    """One signed Flow run, and how long its answer took."""
    body = {
        "shopify_domain": shop.program.shopify_domain, "action_run_id": f"run-{number}", "handle": "award-custom-action",
        "properties": {"action_key": "app_install", "customer_id": "7001"},
    }  # fmt: skip
    began = time.monotonic()
    return live.flow_by_hand(body).status_code, time.monotonic() - began


class TestEightPurchasesThatWait:
    def test_leave_flow_and_health_of_others_their_threads(self, slow, other):
        reward = slow.reward(100)
        slow.sandbox.faults(slow.domain, slow_ms=4000)

        def buy(number):
            return slow.rest(
                "POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": str(8000 + number)}
            )

        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(buy, number) for number in range(AT_ONCE)]
            time.sleep(0.7)
            awards = [run(slow, other, number) for number in range(8)]
            began = time.monotonic()
            assert requests.get(f"{slow.stack.base_url}/health", timeout=10).status_code == 200
            asked = time.monotonic() - began
            still_waiting = sum(not each.done() for each in waiting)
            answers = [each.result() for each in waiting]
        assert still_waiting  # purchases did wait meanwhile
        assert {status for status, _ in awards} == {200}
        assert max(seconds for _, seconds in awards) < 2
        assert asked < 2
        turned_away = [each for each in answers if each.status_code == 503 and each.headers.get("Retry-After") == "1"]
        assert {each.json()["errors"][0]["code"] for each in turned_away} <= {"try_again"}
        assert len(turned_away) < AT_ONCE
        with slow.scope():
            slow.eventually(lambda: all(slow.balances(slow.member(8000 + n)).held == 0 for n in range(AT_ONCE)))
