"""`?dry_run=true`: the same checks and the same answer as for real, explained; and nothing has changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.idempotency.models import Record
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.members.models import Member
from shopify_app.shops.models import Shop
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db


class Rest:
    """The merchant's backend."""

    def __init__(self, shop: AShop) -> None:
        self.key = shop.key()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return getattr(Client(), method)(
            f"/v1/{path}", json.dumps(body), content_type="application/json",
            headers={"Authorization": self.key, **headers},
        )  # fmt: skip

    def dry(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self(method, f"{path}?dry_run=true", body, **headers)


@pytest.fixture
def shop(installed_shop: Shop):
    made = AShop(installed_shop.program)
    made.tier("Gold", 0, "1.5")
    made.member(7001, points=300, email="ada@example.com", now=timezone.now())
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def rest(shop: AShop) -> Rest:
    return Rest(shop)


def attributes(answer: Any) -> dict[str, Any]:
    assert answer["Encore-Dry-Run"] == "true"
    return answer.json()["data"]["attributes"]


class TestAnAward:
    def test_says_what_it_would_give_and_why_and_gives_nothing(self, shop, rest):
        rule = shop.action(points=100, approval_days=3)
        with shop.nothing_changes():
            answer = rest.dry("post", "actions", {"action_key": "app_install", "customer_id": "7001"})
        told = attributes(answer)
        assert answer.status_code == 201
        assert answer.json()["data"]["id"].startswith("dry_")
        assert (told["points"], told["base_points"], told["status"]) == (150, 100, "pending")
        why = told["explanation"]["breakdown"]
        assert (why["rule"]["id"], why["tier"]["name"], why["points"]) == (rule.public_id, "Gold", 150)
        assert told["explanation"]["steps"][-1] == "100 × 1.5 = 150 points, rounded down once at the end"

    def test_names_a_campaign_and_not_our_number_of_it(self, shop, rest):
        begun = timezone.now() - timedelta(days=1)
        shop.campaign(shop.action(points=100), "2", starts=begun, ends=begun + timedelta(days=7))
        told = attributes(rest.dry("post", "actions", {"action_key": "app_install", "customer_id": "7001"}))
        campaign = told["explanation"]["breakdown"]["campaign"]
        assert (set(campaign), campaign["multiplier"]) == ({"name", "multiplier"}, "2.000")

    def test_uses_up_no_key(self, shop, rest):
        shop.action(points=100)
        body = {"action_key": "app_install", "customer_id": "7001", "idempotency_key": "k-1"}
        rest.dry("post", "actions", body)
        assert rest("post", "actions", body).status_code == 201
        replay = rest.dry("post", "actions", body)
        assert (replay.status_code, attributes(replay)["replayed"]) == (200, True)
        assert replay.json()["data"]["id"].startswith("cer_")

    def test_is_refused_as_it_would_be(self, shop, rest):
        for customer, status in (("7009", 404), (None, 400)):
            answer = rest.dry("post", "actions", {"action_key": "nothing", "customer_id": customer})
            assert (answer.status_code, answer["Encore-Dry-Run"]) == (status, "true")

    def test_of_a_rule_leaves_it_to_be_earned(self, shop, rest):
        rule = shop.rule(points=50)
        path = f"earning-rules/{rule.public_id}/award"
        with shop.nothing_changes():
            told = attributes(rest.dry("post", path, {"customer_identifier": "7001"}))
        assert (told["points"], told["explanation"]["breakdown"]["base"]) == (75, "50")
        assert rest("post", path, {"customer_identifier": "7001"}).status_code == 201


class TestAPurchase:
    def test_says_which_lots_would_pay_and_makes_no_code(self, shop, rest, sandbox):
        reward = shop.reward(200)
        with shop.nothing_changes():
            answer = rest.dry("post", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
        told = attributes(answer)
        assert (answer.status_code, told["status"], told["points_spent"]) == (201, "active", 200)
        assert told["discount_code"] is None
        assert [lot["points"] for lot in told["explanation"]["lots"]] == [200]
        assert sandbox.store(shop.program.shopify_domain)["discounts"] == []

    def test_that_is_too_dear_says_so(self, shop, rest):
        reward = shop.reward(500)
        answer = rest.dry("post", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "insufficient_points")


class TestAnAdjustment:
    def test_says_what_would_be_left_and_which_lots_pay(self, shop, rest):
        with shop.nothing_changes():
            told = attributes(rest.dry("post", "customers/7001/points", {"adjustment": -100}))
        assert (told["points_before"], told["points_after"], told["current_points"]) == (300, 200, 200)
        assert [lot["points"] for lot in told["explanation"]["lots"]] == [100]


class TestCustomers:
    def test_would_be_enrolled_and_are_not(self, shop, rest, sandbox):
        customer = {"id": 7002, "email": "bo@example.com", "first_name": "Bo", "created_at": "2025-01-01T00:00:00Z"}
        sandbox.call("PUT", "stores", [{"domain": shop.program.shopify_domain, "customers": [customer]}])
        answer = rest.dry("post", "customers", {"shopify_customer_id": "7002"}, **{"Idempotency-Key": "k"})
        assert (answer.status_code, attributes(answer)["first_name"]) == (201, "Bo")
        assert Member.objects.count() == 1
        assert Record.objects.count() == 0

    def test_would_be_changed_and_are_not(self, shop, rest):
        with shop.nothing_changes():
            told = attributes(rest.dry("put", "customers/7001", {"is_excluded": True}))
        assert told["loyalty_status"] == "excluded"
        assert not Member.objects.get().is_excluded


class TestSubscriptions:
    def test_would_be_made_and_ended_and_are_not(self, shop, rest):
        wanted = {"url": "https://hooks.example.com/x", "events": ["points.earned"]}
        answer = rest.dry("post", "webhook-subscriptions", wanted)
        assert (answer.status_code, answer.json()["data"]["id"][:4]) == (201, "dry_")
        made = rest("post", "webhook-subscriptions", wanted).json()["data"]["id"]
        assert rest.dry("delete", f"webhook-subscriptions/{made}").status_code == 204
        assert WebhookSubscription.objects.count() == 1


class TestTheWord:
    def test_misspelt_does_nothing_for_real(self, shop, rest):
        shop.action()
        with shop.nothing_changes():
            answer = rest("post", "actions?dry_run=ture", {"action_key": "app_install", "customer_id": "7001"})
        assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (400, "dry_run must be true or false")

    def test_false_is_for_real(self, shop, rest):
        shop.action()
        answer = rest("post", "actions?dry_run=false", {"action_key": "app_install", "customer_id": "7001"})
        assert answer.status_code == 201
        assert "Encore-Dry-Run" not in answer
