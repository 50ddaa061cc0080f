"""Others hear of it: Klaviyo, Shopify Flow and the customer's metafields, whatever happens to them meanwhile."""

import json

import pytest
from django.utils import timezone

from loyalty.integrations.models import Connection
from loyalty.integrations.operations import connect
from loyalty.outbox.models import Attempt, Delivery
from loyalty.outbox.operations import resume, send_again
from tests.journeys.conftest import KLAVIYO_KEY

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
EVENTS = "klaviyo:events"


@pytest.fixture
def shop(live):
    live.action(points=100)
    live.connect_klaviyo()
    with live.scope():
        yield live


def award(shop):
    answer = shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": "7001"})
    assert answer.status_code == 201
    return answer.json()["data"]["id"]


def told(shop, metric="Points Awarded"):
    return [event for event in shop.klaviyo()["events"] if event["metric"] == metric]


def triggers(shop, handle="loyalty-points-earned"):
    """What Flow has heard by one trigger."""
    return [trigger for trigger in shop.store()["triggers"] if trigger["handle"] == handle]


def faults(shop, **switches):
    shop.sandbox.call("PATCH", "vendors/klaviyo/faults", switches)


def waiting(shop, destination=EVENTS):
    return Delivery.objects.filter(destination=destination, state="pending", attempts__gt=0)


class TestTheFirstAward:
    def test_shows_in_klaviyo_in_flow_and_on_the_customer(self, shop):
        award(shop)
        shop.eventually(lambda: told(shop) and triggers(shop) and triggers(shop, "loyalty-sign-up"))
        (event,) = told(shop)
        assert event["email"] == "ada@example.com"
        assert {"Points Awarded": 100, "Earning Rule": "app_install", "Points Balance": 100}.items() <= event[
            "properties"
        ].items()
        (trigger,) = triggers(shop)
        details = trigger["payload"]["Customer Loyalty Details"]
        assert (trigger["payload"]["Points"], trigger["payload"]["customer_id"], details["availablePoints"]) == (
            100.0, 7001, 100.0,
        )  # fmt: skip

        def on_the_customer():
            found = {each["key"]: each["value"] for each in shop.store()["metafields"]}
            return found.get("balance") == "100" and json.loads(found["loyalty"])["points_balance"] == 100

        shop.eventually(on_the_customer)
        shop.eventually(
            lambda: shop.klaviyo()["profiles"]["ada@example.com"]["properties"]["Encore Points Balance"] == 100
        )
        shop.eventually(lambda: set(Delivery.objects.values_list("state", flat=True)) == {"done"})

    def test_of_many_tells_the_shop_once_what_the_programme_offers(self, shop):
        def ways():
            own = [each["value"] for each in shop.store()["metafields"] if "/Shop/" in each["owner"]]
            return len(json.loads(own[0])["points_program"]["ways_to_earn"]) if own else 0

        def writes():
            calls = [call for call in shop.store()["graphql_calls"] if call["operation"] == ["metafieldsSet"]]
            return sum("/Shop/" in call["variables"]["metafields"][0]["ownerId"] for call in calls)

        shop.eventually(lambda: ways() == 1)  # the action the shop began with
        before = writes()
        for number in range(10):
            shop.rule("follow_on_instagram", number)
        shop.eventually(lambda: ways() == 11)
        assert writes() == before + 1

    def test_of_a_redemption_tells_the_code(self, shop):
        shop.give(shop.member(7001), 500)
        reward = shop.reward(300)
        answer = shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
        shop.eventually(lambda: told(shop, "Reward Redeemed"))
        (event,) = told(shop, "Reward Redeemed")
        code = answer.json()["data"]["attributes"]["discount_code"]
        assert {"Reward Name": "$5 off", "Points Spent": 300, "Discount Code": code}.items() <= event[
            "properties"
        ].items()


class TestNothingIsLost:
    def test_while_klaviyo_is_down(self, shop):
        faults(shop, drop_before=True)
        award(shop)
        shop.eventually(lambda: waiting(shop).exists())
        faults(shop, drop_before=False)
        resume(destinations=[EVENTS], now=timezone.now())
        shop.eventually(lambda: told(shop))
        assert len(told(shop)) == 1

    def test_while_klaviyo_asks_for_patience(self, shop):
        faults(shop, throttled=1, retry_after=1, only="events")
        award(shop)
        shop.eventually(lambda: told(shop))
        shop.eventually(lambda: not Delivery.objects.filter(destination=EVENTS).exclude(state="done").exists())
        assert set(Delivery.objects.filter(destination=EVENTS).values_list("attempts", flat=True)) == {1}
        assert Attempt.objects.filter(status=429).count() == 1  # kept in the log, and no attempt used up

    def test_while_the_key_does_not_work_and_a_new_one_sends_it_all(self, shop):
        faults(shop, revoked=[KLAVIYO_KEY])
        award(shop)
        shop.eventually(lambda: Connection.objects.get().state == "needs_reconnect")
        award(shop)
        shop.eventually(lambda: Delivery.objects.filter(subject="points.earned", destination=EVENTS).count() == 2)
        faults(shop, revoked=[])
        connect(program=shop.program, vendor="klaviyo", key=KLAVIYO_KEY, now=timezone.now())
        shop.eventually(lambda: len(told(shop)) == 2)

    def test_when_klaviyos_answer_was_lost_and_it_counts_once(self, shop):
        faults(shop, drop_after=1, only="events")
        award(shop)
        shop.eventually(lambda: waiting(shop).exists())
        resume(destinations=[EVENTS], now=timezone.now())
        shop.eventually(lambda: Delivery.objects.filter(subject="points.earned", destination=EVENTS, state="done"))
        assert len(told(shop)) == 1

    def test_while_no_worker_runs(self, shop):
        shop.stack.stop_workers()
        try:
            award(shop)
        finally:
            shop.stack.start_workers()
        shop.eventually(lambda: told(shop) and triggers(shop), 40)

    def test_while_shopify_is_down_and_the_award_stands(self, shop):
        shop.sandbox.faults(shop.domain, down=True)
        award(shop)
        shop.eventually(lambda: waiting(shop, "flow:loyalty-points-earned").exists())
        shop.sandbox.faults(shop.domain, down=False)
        resume(destinations=["flow:loyalty-points-earned"], now=timezone.now())
        shop.eventually(lambda: triggers(shop))


class TestADelivery:
    def test_can_be_looked_at_and_sent_again(self, shop):
        award(shop)
        destination = "flow:loyalty-points-earned"
        shop.eventually(lambda: Delivery.objects.filter(destination=destination, state="done"))
        delivery = Delivery.objects.get(destination=destination)
        assert delivery.last_request["handle"] == "loyalty-points-earned"
        send_again(delivery_id=delivery.pk, now=timezone.now())
        shop.eventually(lambda: len(triggers(shop)) == 2)
        ids = {trigger["payload"]["Event id"] for trigger in triggers(shop)}
        assert ids == {str(delivery.event_id)}

    def test_keeps_no_key(self, shop):
        award(shop)
        shop.eventually(lambda: Delivery.objects.filter(destination=EVENTS, subject="points.earned", state="done"))
        kept = Delivery.objects.filter(destination=EVENTS).values_list("last_request", "last_response", "last_error")
        assert KLAVIYO_KEY not in str(list(kept))


class TestAllOfAFilter:
    def test_is_sent_again_once_the_vendor_takes_it_and_arrives_once(self, shop):
        faults(shop, refused=True, only="events")
        award(shop), award(shop)
        mine = Delivery.objects.filter(destination=EVENTS, subject="points.earned")
        shop.eventually(lambda: mine.filter(state="dead").count() == 2)
        listed = shop.rest(
            "GET", "deliveries?filter[destination]=klaviyo&filter[state]=dead&filter[event]=points.earned"
        )
        assert len(listed.json()["data"]) == 2
        faults(shop, refused=0, only="")
        answer = shop.rest(
            "POST", "deliveries/replay", {"destination": "klaviyo", "state": "dead", "event": "points.earned"}
        )
        assert answer.json()["data"]["attributes"]["queued"] == 2
        shop.eventually(lambda: len(told(shop)) == 2)
        shop.eventually(lambda: mine.filter(state="done").count() == 2)

    def test_of_what_arrived_comes_again_under_the_same_ids(self, shop):
        award(shop)
        destination = "flow:loyalty-points-earned"
        shop.eventually(lambda: Delivery.objects.filter(destination=destination, state="done"))
        answer = shop.rest("POST", "deliveries/replay", {"destination": destination})
        assert answer.json()["data"]["attributes"]["queued"] == 1
        shop.eventually(lambda: len(triggers(shop)) == 2)
        assert len({trigger["payload"]["Event id"] for trigger in triggers(shop)}) == 1
