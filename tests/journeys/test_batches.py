"""Many awards in one call: each with its own key, status and answer; sending the list again resumes it."""

import threading

import pytest
from django.db.models import Sum
from django.utils import timezone

from loyalty.campaigns.models import Campaign
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import ActionCall, Award
from loyalty.ledger.models import Account
from loyalty.outbox.models import Event
from loyalty.skips.models import Skip

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    live.action(points=100)
    live.secret = live.key(requests_per_second=100_000)
    with live.scope():
        yield live


def item(customer=7001, action="app_install", **more):
    return {"action_key": action, "customer_id": str(customer), **more}


def batch(shop, items, **how):
    answer = shop.rest("POST", "actions/batch" + how.pop("query", ""), {"items": items}, **how)
    assert answer.status_code == 200, answer.text
    return answer.json()


def members(shop, count, first=8000):
    for customer in range(first, first + count):
        shop.member(customer, now=timezone.now())
    return range(first, first + count)


class TestABatch:
    def test_succeeds_item_by_item(self, shop):
        shop.action("once", 50, frequency="once")
        shop.action("slow", 10, approval_days=3)
        shop.rest("POST", "actions", item(action="once"))
        told = batch(
            shop,
            [
                item(idempotency_key="a"), item(action="once"), item(action="slow"), item(7999), item(action="nothing"),
                {"action_key": "app_install"}, "no object", item(metadata=7), item(idempotency_key="a"),
            ],
        )  # fmt: skip
        assert [each["index"] for each in told["data"]] == list(range(9))
        assert [each["status"] for each in told["data"]] == [201, 409, 201, 404, 404, 400, 400, 400, 200]
        assert told["meta"] == {"awarded": 2, "replayed": 1, "skipped": 0, "failed": 6}
        first, again = told["data"][0]["data"], told["data"][8]["data"]
        assert first["id"] == again["id"]
        assert (first["attributes"]["points"], first["attributes"]["replayed"]) == (100, False)
        assert told["data"][2]["data"]["attributes"]["status"] == "pending"
        assert told["data"][1]["errors"][0]["code"] == "already_awarded"
        assert told["data"][5]["errors"][0]["detail"] == "customer_id or customer_email is required"
        assert told["data"][7]["errors"][0]["detail"] == "metadata must be an object"
        assert Account.objects.get(member__shopify_customer_id=7001).available == 150

    def test_sent_again_awards_nothing_twice_and_the_rest(self, shop):
        everybody = members(shop, 150)
        items = [item(customer, idempotency_key=f"k{customer}") for customer in everybody]
        assert batch(shop, items[:60])["meta"]["awarded"] == 60
        assert batch(shop, items)["meta"] == {"awarded": 90, "replayed": 60, "skipped": 0, "failed": 0}
        assert batch(shop, items)["meta"]["replayed"] == 150
        assert Award.objects.count() == 150
        assert Account.objects.aggregate(all=Sum("available"))["all"] == 15_000
        assert Event.objects.filter(kind="points.earned").count() == 150

    def test_under_a_header_key_is_the_list_that_was_sent(self, shop):
        items = [item(), item(), item(7001, idempotency_key="own")]
        assert batch(shop, items, key="batch-1")["meta"]["awarded"] == 3
        assert batch(shop, items, key="batch-1")["meta"]["replayed"] == 3
        other = [item(), item(action="app_install", points=None), item(shop.member(7002).shopify_customer_id)]
        told = batch(shop, other, key="batch-1")
        assert [each["status"] for each in told["data"]] == [200, 200, 201]
        assert Award.objects.count() == 4

    def test_gives_each_award_of_a_member_what_the_one_before_has_made_of_them(self, shop):
        shop.tier("Bronze", 0)
        shop.tier("Gold", 200, "2")
        shop.member(7002, now=timezone.now())
        told = batch(shop, [item(7002), item(7002), item(7002), item(7001)])
        points = [each["data"]["attributes"]["points"] for each in told["data"]]
        assert points[:3] == [100, 100, 200]  # the second reaches Gold
        assert [each["data"]["attributes"]["points_balance"] for each in told["data"]][:3] == [100, 200, 400]

    def test_keeps_limits_between_its_own_items(self, shop):
        shop.action("twice", 10, limit=Limit(2, Window.DAY))
        told = batch(shop, [item(action="twice") for _ in range(4)])
        assert [each["status"] for each in told["data"]] == [201, 201, 409, 409]

    def test_keeps_a_campaigns_budget(self, shop):
        rule = shop.action("big", 100)
        shop.campaign(rule, "2")
        Campaign.objects.update(budget_points=150)
        told = batch(shop, [item(customer, "big") for customer in members(shop, 3)])
        assert sorted(each["data"]["attributes"]["points"] for each in told["data"]) == [100, 100, 200]
        assert Campaign.objects.get().spent_points <= 150

    def test_names_what_came_to_nothing_in_the_merchants_log(self, shop):
        batch(shop, [item(7999), item(action="nothing"), item()])
        assert sorted(ActionCall.objects.values_list("customer", "code")) == [("7001", "key"), ("7999", "not_a_member")]

    def test_names_fields_nobody_reads_once_a_day(self, shop):
        for _ in range(2):
            told = batch(shop, [item(reason="visit"), item(points_=7)])
            assert told["meta"]["awarded"] == 2
        (call,) = ActionCall.objects.all()
        assert call.sentence == "POST /v1/actions/batch does not know “points_”, “reason”: ignored."
        assert (call.code, call.outcome) == ("unknown_fields", "noticed")

    def test_that_is_a_dry_run_changes_nothing(self, shop):
        told = batch(shop, [item(), item(7999)], query="?dry_run=true")
        first = told["data"][0]["data"]
        assert first["id"].startswith("dry_")
        assert first["attributes"]["explanation"]
        assert told["data"][1]["status"] == 404
        assert not Award.objects.exists()
        assert not ActionCall.objects.exists()

    @pytest.mark.parametrize(
        "body", [{}, {"items": []}, {"items": "x"}, {"items": [{}] * 1001}, {"items": None}, {"items": {}}]
    )
    def test_must_be_a_list_of_1_to_1000(self, shop, body):
        answer = shop.rest("POST", "actions/batch", body)
        assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (
            400, "items must be an array of 1 to 1,000 actions",
        )  # fmt: skip

    def test_may_be_larger_than_a_single_call_and_not_without_end(self, shop):
        padding = {"note": "x" * 15_000}
        assert batch(shop, [item(metadata=padding) for _ in range(100)])["meta"]["awarded"] == 100
        answer = shop.rest("POST", "actions/batch", {"items": [item(metadata=padding) for _ in range(600)]})
        assert answer.status_code == 413

    def test_needs_a_key_that_may_write(self, shop):
        reader = shop.key("read_only")
        answer = shop.rest("POST", "actions/batch", {"items": [item()]}, Authorization=reader)
        assert answer.status_code == 403
        assert not Award.objects.exists()


class TestABatchInTestMode:
    def test_makes_tests_of_who_is_listed_alone(self, shop):
        bob = shop.member(7002, now=timezone.now())
        shop.test_mode("shadow", shop.member(7001))
        assert batch(shop, [item(7001), item(7002)])["meta"]["awarded"] == 2
        assert dict(Award.objects.values_list("member", "is_test")) == {shop.member(7001).pk: True, bob.pk: False}

    def test_keeps_what_who_is_not_listed_has_missed(self, shop):
        bob = shop.member(7002, now=timezone.now())
        shop.test_mode("restrict", shop.member(7001))
        items = [item(7001, idempotency_key="a"), item(7002, idempotency_key="b")]
        assert batch(shop, items)["meta"] == {"awarded": 1, "replayed": 0, "skipped": 1, "failed": 0}
        assert batch(shop, items)["meta"] == {"awarded": 0, "replayed": 1, "skipped": 1, "failed": 0}
        assert list(Skip.objects.values_list("member", "points")) == [(bob.pk, 100)]


class TestBatchesAtOnce:
    def test_of_the_same_items_award_each_once(self, shop):
        everybody = members(shop, 120)
        items = [item(customer, idempotency_key=f"k{customer}") for customer in everybody]
        told = []

        def send(some):
            told.append(batch(shop, some)["meta"])

        callers = [threading.Thread(target=send, args=(items if n % 2 else items[::-1],)) for n in range(6)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert sum(meta["awarded"] for meta in told) == 120
        assert all(meta["failed"] == 0 for meta in told)
        assert Award.objects.count() == 120
        assert Account.objects.aggregate(all=Sum("available"))["all"] == 12_000
