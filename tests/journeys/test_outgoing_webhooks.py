"""A merchant's own systems hear of it: signed, in order to be counted on, and sent again when they were away."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.operations.approval import approve
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.queries import failing
from loyalty.outbox.models import Attempt, Delivery
from tests.receiver import Receiver

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receiver():
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(live):
    live.action(points=100)
    with live.scope():
        yield live


def subscribe(shop, receiver, *events, **more):
    answer = shop.rest("POST", "webhook-subscriptions", {"url": receiver.url, "events": list(events), **more})
    assert answer.status_code == 201, answer.text
    data = answer.json()["data"]
    return data["id"], data["attributes"]["secret"]


def award(shop):
    answer = shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": "7001"})
    assert answer.status_code == 201
    return answer.json()["data"]


def states(shop):
    return list(Delivery.objects.filter(destination__startswith="webhook:").values_list("state", flat=True))


def tried():
    return Attempt.objects.filter(delivery__destination__startswith="webhook:").order_by("number")


def deliveries(shop, subscription, **filters):
    query = "&".join(f"filter[{name}]={value}" for name, value in filters.items())
    return shop.rest("GET", f"webhook-subscriptions/{subscription}/deliveries?{query}").json()["data"]


def contract_holds(headers, body, secret):
    signed = headers["X-Webhook-Timestamp"].encode() + b"." + body
    return headers["X-Webhook-Signature"] == "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def standard_holds(headers, body, secret):
    """As a Standard Webhooks library does it: any of the signatures may fit."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    want = base64.b64encode(hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(f"v1,{want}", each) for each in headers["webhook-signature"].split())


class TestAnAward:
    def test_is_told_as_the_contract_says_and_signed_in_both_ways(self, shop, receiver):
        _, secret = subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: receiver.got)
        ((headers, body),) = receiver.got
        told = json.loads(body)
        assert (told["event"], told["shop"]) == ("points.earned", shop.program.handle)
        assert told["data"] == {
            "shopify_customer_id": "7001", "email": "ada@example.com", "points_earned": 100, "points_balance": 100,
            "lifetime_points": 100, "source": "earning_rule", "earning_rule_name": "app_install", "order_number": None,
        }  # fmt: skip
        assert contract_holds(headers, body, secret)
        assert standard_holds(headers, body, secret)
        assert headers["X-Webhook-Event"] == "points.earned"
        assert headers["X-Webhook-Id"] == headers["webhook-id"] != ""
        assert int(headers["X-Webhook-Sequence"]) > 0
        assert "X-Webhook-Test" not in headers

    def test_goes_to_each_subscription_that_hears_it(self, shop, receiver):
        subscribe(shop, receiver, "points.earned", "customer.tier_upgrade")
        subscribe(shop, receiver, "points.earned")
        subscribe(shop, receiver, "points.redeemed")
        award(shop)
        shop.eventually(lambda: states(shop).count("done") == 2)
        assert len(receiver.heard("points.earned")) == 2

    def test_that_waited_for_approval_is_told_when_it_matures_and_as_ours(self, shop, receiver):
        subscribe(shop, receiver, "points.earned", "encore.points_approved", "encore.member_enrolled")
        shop.action("slow", 50, approval_days=14)
        answer = shop.rest("POST", "actions", {"action_key": "slow", "customer_id": "7001"})
        shop.eventually(lambda: not shop.waiting_events())
        assert receiver.heard("points.earned") == []
        approve(public_id=answer.json()["data"]["id"], now=timezone.now())
        shop.eventually(lambda: len(receiver.got) == 3)
        assert len(receiver.heard("encore.member_enrolled")) == 1
        (ours,) = receiver.heard("encore.points_approved")
        assert ours["data"]["points"] == 50
        fields = {"storeCreditBalance", "vipTierExpiredAt", "rewardedForSharingOnFacebook", "rewardedForSharingOnX"}
        assert fields <= set(ours["data"])
        assert (ours["data"]["rewardedForSharingOnX"], ours["data"]["vipTierExpiredAt"]) == (False, None)
        (theirs,) = receiver.heard("points.earned")
        assert theirs["data"]["points_earned"] == 50
        assert not fields & set(theirs["data"])

    def test_names_the_tiers_on_a_rise(self, shop, receiver):
        shop.tier("Bronze", 0)
        shop.tier("Gold", 100)
        shop.member(7002, email="ben@example.com", now=timezone.now())
        subscribe(shop, receiver, "customer.tier_upgrade", "customer.tier_downgrade")
        shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": "7002"})
        shop.eventually(lambda: receiver.got)
        (told,) = receiver.heard("customer.tier_upgrade")
        assert told["data"] == {
            "shopify_customer_id": "7002", "email": "ben@example.com", "previous_tier": "Bronze", "new_tier": "Gold",
            "lifetime_points": 100,
        }  # fmt: skip
        assert receiver.heard("customer.tier_downgrade") == []


class TestAReceiverInTrouble:
    def test_gets_the_same_body_and_id_three_times_more_and_the_log_keeps_each_attempt(self, shop, receiver):
        receiver.status = 500
        subscription, secret = subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: states(shop) == ["dead"])
        assert len(receiver.got) == 4
        assert len({body for _, body in receiver.got}) == 1
        assert len({headers["X-Webhook-Id"] for headers, _ in receiver.got}) == 1
        assert all(contract_holds(headers, body, secret) for headers, body in receiver.got)
        assert list(tried().values_list("number", "status", "outcome")) == [
            (number, 500, "retry") for number in (1, 2, 3, 4)
        ]
        (row,) = deliveries(shop, subscription)
        told = row["attributes"]
        assert (told["state"], told["attempts"], told["response_status"], told["response_body"]) == (
            "dead", 4, 500, "heard",
        )  # fmt: skip
        assert json.loads(told["request"]["body"])["event"] == "points.earned"
        assert secret not in json.dumps(row)
        assert told["request"]["headers"]["X-Webhook-Signature"] == "[signature]"

    def test_is_named_to_the_merchant_after_a_day(self, shop, receiver):
        receiver.status = 503
        subscription, _ = subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: states(shop) == ["dead"])
        later = timezone.now() + timedelta(hours=24, minutes=1)
        assert [row.public_id for row in failing(now=later)] == [subscription]
        assert not failing(now=timezone.now()).exists()
        receiver.status = 200
        award(shop)
        shop.eventually(lambda: "done" in states(shop))
        assert not failing(now=later).exists()

    def test_that_says_410_is_left_alone_at_once(self, shop, receiver):
        receiver.status = 410
        subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: states(shop) == ["dead"])
        assert len(receiver.got) == 1

    def test_that_redirects_is_not_followed(self, shop, receiver):
        receiver.status, receiver.location = 302, f"{receiver.url}/elsewhere"
        subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: states(shop) == ["dead"])
        assert len(receiver.got) == 4  # each attempt asked the first address once

    def test_may_ask_for_three_days(self, shop, receiver):
        receiver.status = 500
        subscribe(shop, receiver, "points.earned", keeps_trying=True)
        award(shop)
        shop.eventually(lambda: Delivery.objects.filter(attempts=1, state="pending").exists())
        waits = Delivery.objects.get(destination__startswith="webhook:").next_attempt_at - timezone.now()
        assert timedelta(seconds=1) < waits < timedelta(seconds=6)


class TestWhatWasMissed:
    def test_is_sent_again_from_a_date_under_its_own_id(self, shop, receiver):
        receiver.status = 500
        subscription, _ = subscribe(shop, receiver, "points.earned")
        since = timezone.now().isoformat()
        award(shop)
        shop.eventually(lambda: states(shop) == ["dead"])
        shop.rest("PUT", f"webhook-subscriptions/{subscription}", {"is_active": False})
        award(shop)  # nobody listens
        shop.eventually(lambda: not shop.waiting_events())
        shop.rest("PUT", f"webhook-subscriptions/{subscription}", {"is_active": True})
        first = receiver.got[0]
        receiver.status, receiver.got = 200, []
        answer = shop.rest("POST", f"webhook-subscriptions/{subscription}/replay", {"since": since})
        assert answer.json()["data"]["attributes"] == {"queued": 2, "has_more": False}
        shop.eventually(lambda: len(receiver.got) == 2)
        ids = {headers["X-Webhook-Id"]: body for headers, body in receiver.got}
        assert ids[first[0]["X-Webhook-Id"]] == first[1]
        shop.eventually(lambda: states(shop) == ["done", "done"])
        again = shop.rest("POST", f"webhook-subscriptions/{subscription}/replay", {"since": since})
        assert again.json()["data"]["attributes"]["queued"] == 0
        everything = {"since": since, "include_delivered": True}
        again = shop.rest("POST", f"webhook-subscriptions/{subscription}/replay", everything)
        assert again.json()["data"]["attributes"]["queued"] == 2
        shop.eventually(lambda: len(receiver.got) == 4)

    def test_may_be_one_delivery(self, shop, receiver):
        subscription, _ = subscribe(shop, receiver, "points.earned")
        award(shop)
        shop.eventually(lambda: states(shop) == ["done"])
        (row,) = deliveries(shop, subscription, state="done")
        assert deliveries(shop, subscription, state="dead") == []
        answer = shop.rest("POST", f"webhook-deliveries/{row['id']}/replay")
        assert (answer.status_code, answer.json()["data"]["attributes"]["state"]) == (200, "pending")
        shop.eventually(lambda: len(receiver.got) == 2)
        assert receiver.got[0][1] == receiver.got[1][1]

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ({}, "since is required"),
            ({"since": "yesterday"}, "since must be an ISO 8601 date or timestamp"),
            ({"since": "2999-01-01"}, "since must not be in the future"),
        ],
    )
    def test_needs_a_date_that_has_been(self, shop, receiver, body, sentence):
        subscription, _ = subscribe(shop, receiver, "points.earned")
        answer = shop.rest("POST", f"webhook-subscriptions/{subscription}/replay", body)
        assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (400, sentence)

    @pytest.mark.parametrize("unknown", ["whd_1", "whd_x", "7", "whd_" + "9" * 30])
    def test_must_exist(self, shop, unknown):
        assert shop.rest("POST", f"webhook-deliveries/{unknown}/replay").status_code == 404


class TestATestOfTheProgramme:
    def test_is_heard_of_only_where_the_merchant_wants_it_and_says_what_it_is(self, shop, receiver):
        subscribe(shop, receiver, "points.earned")
        shop.test_mode("shadow", shop.member(7001))
        award(shop)
        shop.eventually(lambda: states(shop) == ["skipped"])
        assert receiver.got == []
        shop.test_mode("shadow", shop.member(7001), sends=True)
        award(shop)
        shop.eventually(lambda: receiver.got)
        assert receiver.got[0][0]["X-Webhook-Test"] == "true"


class TestASecret:
    def test_that_was_replaced_is_dead_in_the_contracts_signature_and_lives_a_day_in_the_other(self, shop, receiver):
        subscription, old = subscribe(shop, receiver, "points.earned")
        answer = shop.rest("POST", f"webhook-subscriptions/{subscription}/rotate-secret")
        new = answer.json()["data"]["attributes"]["secret"]
        award(shop)
        shop.eventually(lambda: receiver.got)
        headers, body = receiver.got[0]
        assert contract_holds(headers, body, new)
        assert not contract_holds(headers, body, old)
        assert standard_holds(headers, body, new)
        assert standard_holds(headers, body, old)
        ended = timezone.now() - timedelta(seconds=1)
        WebhookSubscription.objects.update(previous_secret_until=ended)
        award(shop)
        shop.eventually(lambda: len(receiver.got) == 2)
        headers, body = receiver.got[1]
        assert standard_holds(headers, body, new)
        assert not standard_holds(headers, body, old)


class TestASubscriptionThatIsOff:
    def test_hears_nothing(self, shop, receiver):
        subscription, _ = subscribe(shop, receiver, "points.earned")
        shop.rest("PUT", f"webhook-subscriptions/{subscription}", {"is_active": False})
        award(shop)
        shop.eventually(lambda: not shop.waiting_events())
        assert (receiver.got, states(shop)) == ([], [])
