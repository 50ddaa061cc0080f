"""Two hundred calls at once under one idempotency key do the thing once: every write that moves points, and enrolment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from loyalty.earning.models import Award
from loyalty.ledger.models import Account, Entry
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.rewards.models import Redemption

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
CALLS, CALLERS = 200, 25


@pytest.fixture
def shop(live):
    live.secret = live.key(requests_per_second=100_000)
    with live.scope():
        yield live


def at_once(shop, path, body, method="POST", **headers):
    """Send the same call two hundred times; returns the statuses, and the ids that were answered."""

    def caller(_):
        answers = []
        with requests.Session() as session:
            session.headers.update({"Authorization": shop.secret, **headers})
            for _ in range(CALLS // CALLERS):
                answers.append(session.request(method, f"{shop.stack.base_url}/v1/{path}", json=body, timeout=60))
        return answers

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = [answer for some in pool.map(caller, range(CALLERS)) for answer in some]
    told = Counter(answer.status_code for answer in answers)
    assert sum(told.values()) == CALLS
    # Some may be told to come back: the first is still at it, or too many wait for Shopify. Nothing has happened to them.
    busy = [answer for answer in answers if answer.status_code in (409, 503)]
    assert {answer.json()["errors"][0]["code"] for answer in busy} <= {"idempotency_key_in_use", "try_again"}
    assert all(answer.headers["Retry-After"] == "1" for answer in busy)
    done = [answer.json()["data"] for answer in answers if answer.status_code in (200, 201)]
    assert len(done) + len(busy) == CALLS, told
    assert len({each["id"] for each in done}) == 1
    return told


class TestUnderOneKey:
    def test_a_custom_action_is_awarded_once(self, shop):
        shop.action(points=100)
        told = at_once(
            shop, "actions", {"action_key": "app_install", "customer_id": "7001", "idempotency_key": "install-1"}
        )
        assert told[201] == 1
        assert (Award.objects.count(), Entry.objects.count()) == (1, 1)
        assert Account.objects.get().available == 100

    def test_a_rule_is_awarded_once(self, shop):
        rule = shop.rule(points=50, frequency="unlimited")
        told = at_once(
            shop,
            f"earning-rules/{rule.public_id}/award",
            {"customer_identifier": "7001"},
            **{"Idempotency-Key": "rule-1"},
        )
        assert told[201] == 1
        assert (Award.objects.count(), Entry.objects.count()) == (1, 1)

    def test_an_adjustment_happens_once(self, shop):
        at_once(shop, "customers/7001/points", {"adjustment": 30}, **{"Idempotency-Key": "adjust-1"})
        assert Entry.objects.count() == 1
        assert Account.objects.get().available == 30

    def test_a_reward_is_bought_once(self, shop):
        shop.give(Member.objects.get(), 5000)
        reward = shop.reward(300)
        told = at_once(
            shop,
            f"rewards/{reward.public_id}/purchase",
            {"customer_identifier": "7001"},
            **{"Idempotency-Key": "buy-1"},
        )
        assert told[201] == 1
        assert Redemption.objects.count() == 1
        assert Account.objects.get().available == 4700
        assert len(shop.codes()) == 1

    def test_a_customer_is_enrolled_once(self, shop):
        customer = shop.sandbox.call("GET", f"stores/{shop.domain}")["customers"][0]["id"]
        told = at_once(shop, "customers", {"shopify_customer_id": str(customer)}, **{"Idempotency-Key": "enrol-1"})
        assert told[201] <= 1
        assert Member.objects.filter(shopify_customer_id=customer).count() == 1

    def test_a_customer_is_changed_once(self, shop):
        before = Event.objects.filter(kind="member.changed").count()
        told = at_once(shop, "customers/7001", {"is_excluded": True}, "PUT", **{"Idempotency-Key": "change-1"})
        assert told[200] >= 1
        assert Member.objects.get(shopify_customer_id=7001).is_excluded
        assert Event.objects.filter(kind="member.changed").count() == before + 1

    def test_a_batch_is_awarded_once(self, shop):
        shop.action(points=100)
        items = [{"action_key": "app_install", "customer_id": "7001", "idempotency_key": f"i{n}"} for n in range(5)]

        def send(_):
            url = f"{shop.stack.base_url}/v1/actions/batch"
            return requests.post(url, json={"items": items}, headers={"Authorization": shop.secret}, timeout=60)

        with ThreadPoolExecutor(CALLERS) as pool:
            answers = list(pool.map(send, range(CALLS)))
        assert sum(answer.json()["meta"]["awarded"] for answer in answers) == 5
        assert (Award.objects.count(), Account.objects.get().available) == (5, 500)
