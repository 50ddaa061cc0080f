"""A merchant tries the programme out on a store that sells: tests come in by every door, nobody hears of them, and one
button takes them back; and a store that restricted itself first gives its members what they missed."""

from datetime import timedelta

import pytest
import requests
from django.test import Client
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.ledger.models import Entry
from loyalty.outbox.models import Delivery
from loyalty.programs.models import ScheduledRun
from loyalty.rewards.models import Redemption
from loyalty.skips.models import Skip
from shopify_app.dashboard.operations import set_login
from tests.journeys.shopify_webhooks import signed
from tests.shopify_payloads import order

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
PAGE = "/standalone/settings/test-mode"
EVENTS, FLOW = "klaviyo:events", "flow:loyalty-points-earned"


@pytest.fixture
def shop(live):
    """Ada, who will be a test customer, with 150 points of her own; Bob, who will not."""
    live.action(points=100)
    live.rule("place_order", 1, now=timezone.now() - timedelta(days=900), frequency="unlimited")
    live.give(live.member(7001), 150, now=timezone.now())
    live.member(7002, email="bob@example.com", now=timezone.now())
    live.connect_klaviyo()
    set_login(program=live.program, username="merchant", password="merchant")
    with live.scope():
        yield live


@pytest.fixture
def merchant(shop):
    client = Client()
    client.login(username="merchant", password="merchant")
    return client


def press(merchant, path, **fields):
    assert merchant.post(path, fields).status_code == 303


def act(shop, customer="7001"):
    return shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": customer}).json()["data"]


def tell_of_order(shop, number, customer):
    payload = order(id=number, customer={"id": customer, "email": f"{customer}@example.com"})
    body, headers = signed(shop.domain, "orders/paid", payload, webhook_id=f"shadow-{number}-{shop.domain}")
    headers["Content-Type"] = "application/json"
    answer = requests.post(f"{shop.stack.base_url}/webhooks/orders", data=body, headers=headers, timeout=15)
    assert answer.status_code == 200


def balance(shop, customer=7001):
    return shop.balances(shop.member(customer), timezone.now()).available


def heard_of(shop, email):
    """The awards of somebody that Klaviyo has heard of."""
    events = shop.klaviyo()["events"]
    return [each for each in events if each["email"] == email and each["metric"] == "Points Awarded"]


class TestAShadowTest:
    def test_is_heard_of_by_nobody_and_taken_back_by_one_button(self, shop, merchant):
        press(merchant, PAGE, mode="shadow", emails="ada@example.com")
        assert act(shop)["attributes"]["points_balance"] == 250
        assert shop.flow({"action_key": "app_install", "customer_reference": "gid://shopify/Customer/7001"})
        tell_of_order(shop, 9_100_000_001, 7001)
        shop.eventually(lambda: balance(shop) == 450)
        assert shop.rest("POST", "customers/7001/points", {"adjustment": -50}).status_code == 200
        reward = shop.reward(300)
        bought = shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
        code = bought.json()["data"]["attributes"]["discount_code"]
        assert code in shop.codes()
        act(shop, "7002")
        shop.eventually(lambda: heard_of(shop, "bob@example.com"))
        shop.eventually(lambda: not Delivery.objects.filter(state__in=["pending", "sending"]).exists())

        assert heard_of(shop, "ada@example.com") == []
        earned = [each for each in shop.store()["triggers"] if each["handle"] == "loyalty-points-earned"]
        assert [each["payload"]["customer_id"] for each in earned] == [7002]
        tests = Delivery.objects.filter(event__is_test=True)
        assert set(tests.values_list("state", flat=True)) == {"skipped"}
        assert set(Award.objects.filter(member__shopify_customer_id=7001).values_list("is_test", flat=True)) == {True}
        history = shop.rest("GET", "customers/7001/earning-history").json()["data"]
        assert {each["attributes"]["is_test"] for each in history} == {True}

        press(merchant, f"{PAGE}/off")
        press(merchant, f"{PAGE}/clean-up")
        shop.eventually(lambda: ScheduledRun.objects.filter(name="clean_up_tests", finished_at__isnull=False), 40)
        assert (balance(shop), shop.codes()) == (150, {})
        redeemed = shop.rest("GET", "customers/7001/reward-history").json()["data"][0]["attributes"]
        assert (redeemed["is_refunded"], redeemed["status"]) == (True, "expired")
        assert Redemption.objects.get().is_refunded
        assert sum(Entry.objects.filter(is_test=True).values_list("points", flat=True)) == 0
        assert "is as if there had been no test" in merchant.get(PAGE).content.decode()
        shop.eventually(lambda: _shown(shop) == "150")
        assert act(shop)["attributes"]["points_balance"] == 250
        shop.eventually(lambda: heard_of(shop, "ada@example.com"))


def _shown(shop):
    """Ada's balance as the theme reads it."""
    fields = shop.store()["metafields"]
    return next((each["value"] for each in fields if each["key"] == "balance" and "7001" in str(each)), None)


class TestARestriction:
    def test_gives_everybody_what_they_missed_once_it_is_over(self, shop, merchant):
        press(merchant, PAGE, mode="restrict", emails="ada@example.com", is_confirmed="on")
        said = act(shop, "7002")
        assert (said["attributes"]["status"], said["attributes"]["skip_reason"]) == ("skipped", "test_mode")
        tell_of_order(shop, 9_100_000_002, 7002)
        shop.eventually(lambda: Skip.objects.count() == 2)
        assert (balance(shop, 7002), act(shop)["attributes"]["points"]) == (0, 100)
        press(merchant, f"{PAGE}/off")
        press(merchant, f"{PAGE}/missed/award")
        shop.eventually(lambda: not Skip.objects.exclude(state="given").exists(), 40)
        assert balance(shop, 7002) == 200
        shop.eventually(lambda: len(heard_of(shop, "bob@example.com")) == 2)
