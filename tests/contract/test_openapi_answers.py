"""What every endpoint really answers, held against the document: no attribute more, none fewer, each of its type."""

import copy
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
import requests
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from loyalty.ledger.tasks import prove_ledgers
from loyalty.outbox.relay import fan_out
from loyalty.programs.models import Program
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import issue_free
from tests.a_shop import AShop
from tests.contract.test_openapi import document, operations

ASKED: set[tuple[str, str]] = set()
"""Every operation whose answer was held against the document in this run."""


@lru_cache(maxsize=1)
def closed() -> dict[str, Any]:
    """The document's shapes, with nothing allowed beside what they name."""
    shapes = copy.deepcopy(document()["components"])
    for shape in shapes["schemas"].values():
        if shape.get("properties") and shape.get("type") == "object":
            shape["additionalProperties"] = False
    return shapes


def check(method: str, path: str, status: int, headers: Any, body: bytes) -> Any:
    """Hold one answer against what the document says of its status, and return it."""
    told = operations()[method, path]["responses"]
    assert str(status) in told, f"{method} {path} answered {status}, which the document does not name: {body!r}"
    content = told[str(status)].get("content")
    ASKED.add((method, path))
    if content is None:
        assert body == b""
        return None
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    answer = json.loads(body)
    schema = {**content["application/json"]["schema"], "components": closed()}
    faults = list(
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(answer)
    )
    assert faults == [], f"{method} {path}: {[(list(f.absolute_path), f.message) for f in faults]}"
    return answer


class Api:
    """A merchant's backend that believes the document."""

    def __init__(self, shop: AShop) -> None:
        self.key = shop.key()
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, *, expect: int = 200, **places: Any) -> Any:
        url = path.format(**places) + ("?page[size]=5" if method == "get" else "")
        answer = self.client.generic(
            method.upper(), url, json.dumps(body) if body is not None else b"", content_type="application/json",
            headers={"Authorization": self.key},
        )  # fmt: skip
        assert answer.status_code == expect, answer.content
        return check(method, path, answer.status_code, answer.headers, answer.content)


@pytest.fixture
def shop(installed_shop) -> AShop:
    """A shop with something of everything, and one without much."""
    found = AShop(Program.objects.get(pk=installed_shop.program_id))
    found.set(points_expiry_enabled=True, points_expiry_days=90)
    tier = found.tier("Silver", 100, "1.5")
    found.tier("Bronze", 0)
    found.reward(minimum_spend=Decimal(20), max_redemptions=3, expiry_days=30)
    found.reward(tier=tier, discount_type="free_shipping", discount_amount=None)
    found.action(points=200)
    found.rule()
    found.rule("follow_on_x", approval_days=3)
    return found


@pytest.fixture
def api(shop) -> Api:
    return Api(shop)


@pytest.fixture
def member(shop):
    return shop.member(7001, points=500, now=timezone.now())


@pytest.mark.django_db
class TestCustomers:
    def test_as_documented(self, api):
        made = api("post", "/v1/customers", {"shopify_customer_id": "7001"}, expect=201)
        assert api("post", "/v1/customers", {"shopify_customer_id": 7001})["data"]["id"] == made["data"]["id"]
        api("get", "/v1/customers")
        api("get", "/v1/customers/{identifier}", identifier="7001")
        changes = {"date_of_birth": "1990-05-15", "anniversary_date": "2020-02-29", "is_excluded": True}
        api("put", "/v1/customers/{identifier}", changes, identifier="7001")
        api("put", "/v1/customers/{identifier}", {"is_excluded": False}, identifier="ada@example.com")

    def test_with_points_tier_and_history(self, api, member):
        for body in ({"adjustment": 5, "note": "hello"}, {"adjustment": -900}):
            api("post", "/v1/customers/{identifier}/points", body, identifier="7001")
        assert api("get", "/v1/customers/{identifier}", identifier="7001")["data"]["attributes"]["vip_tier"]
        assert api("get", "/v1/customers/{identifier}/earning-history", identifier="7001")["data"]
        api("get", "/v1/customers/{identifier}/reward-history", identifier="7001")

    def test_explained(self, api, member):
        for points in (50, -20):
            api("post", "/v1/customers/{identifier}/points", {"adjustment": points}, identifier="7001")
        for path in ("explain", "ledger", "lots"):
            assert api("get", f"/v1/customers/{{identifier}}/{path}", identifier="7001")["data"]
        for entry in api("get", "/v1/customers/{identifier}/earning-history", identifier="7001")["data"]:
            path = "/v1/customers/{identifier}/earning-history/{public_id}/explain"
            api("get", path, identifier="7001", public_id=entry["id"])


@pytest.mark.django_db
class TestBatches:
    def test_each_item_by_its_own(self, api, member):
        right = {"action_key": "app_install", "customer_id": "7001"}
        told = api("post", "/v1/actions/batch", {"items": [right, {**right, "customer_id": "1"}, {}]})
        assert [each["status"] for each in told["data"]] == [201, 404, 400]


@pytest.mark.django_db
class TestAwards:
    def test_of_a_custom_action(self, api, shop, member):
        body = {"action_key": "app_install", "customer_id": "7001", "idempotency_key": "k", "metadata": {"a": 1}}
        api("post", "/v1/actions", body, expect=201)
        assert api("post", "/v1/actions", body)["data"]["attributes"]["replayed"] is True
        shop.set(is_enabled=False)
        assert api("post", "/v1/actions", {**body, "idempotency_key": "l"})["data"]["attributes"]["skip_reason"]

    def test_of_a_rule_at_once_and_pending(self, api, member):
        for rule in api("get", "/v1/earning-rules")["data"]:
            api("get", "/v1/earning-rules/{public_id}", public_id=rule["id"])
            path, body = "/v1/earning-rules/{public_id}/award", {"customer_identifier": "7001"}
            expected = 422 if rule["attributes"]["action"] == "custom" else 201
            api("post", path, body, public_id=rule["id"], expect=expected)
        history = api("get", "/v1/customers/{identifier}/earning-history", identifier="7001")["data"]
        assert {entry["attributes"]["status"] for entry in history} == {"approved", "pending"}


@pytest.mark.django_db
class TestCatalogue:
    def test_of_rewards_and_tiers(self, api):
        for reward in api("get", "/v1/rewards")["data"]:
            api("get", "/v1/rewards/{public_id}", public_id=reward["id"])
        tiers = api("get", "/v1/vip-tiers")["data"]
        assert [bool(tier["attributes"]["rewards"]) for tier in tiers] == [False, True]
        for tier in tiers:
            api("get", "/v1/vip-tiers/{public_id}", public_id=tier["id"])


@pytest.mark.django_db
class TestTheAudit:
    def test_of_a_sound_ledger_and_of_one_that_lies(self, api, member):
        api("get", "/v1/audit", expect=404)
        prove_ledgers()
        api("get", "/v1/audit")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET available = available + 1")
        prove_ledgers()
        assert api("get", "/v1/audit")["data"]["attributes"]["findings"]


@pytest.mark.django_db
class TestWebhookSubscriptions:
    def test_all_six_calls(self, api):
        one, path = "/v1/webhook-subscriptions/{public_id}", "/v1/webhook-subscriptions"
        wanted = {"url": "https://example.com/hook", "events": ["points.earned"]}
        made = api("post", path, wanted, expect=201)["data"]
        api("get", path)
        api("get", one, public_id=made["id"])
        api("put", one, {"is_active": False, "description": "Orders"}, public_id=made["id"])
        api("post", f"{one}/rotate-secret", public_id=made["id"])
        api("delete", one, public_id=made["id"], expect=204)

    def test_their_deliveries(self, api, member):
        wanted = {"url": "https://example.com/hook", "events": ["points.earned"]}
        made = api("post", "/v1/webhook-subscriptions", wanted, expect=201)["data"]["id"]
        api("post", "/v1/actions", {"action_key": "app_install", "customer_id": "7001"}, expect=201)
        fan_out(now=timezone.now())
        one = "/v1/webhook-subscriptions/{public_id}"
        (row,) = api("get", f"{one}/deliveries", public_id=made)["data"]
        api("post", f"{one}/replay", {"since": "2026-01-01"}, public_id=made)
        api("post", "/v1/webhook-deliveries/{delivery_id}/replay", delivery_id=row["id"])


@pytest.mark.django_db
class TestDeliveries:
    def test_of_events_states_and_codes(self, api, shop, member):
        with shop.scope():
            issue_free(
                member=member, reward_id=shop.reward().public_id, occurrence="t", source="tier", now=timezone.now()
            )
        wanted = {"url": "https://example.com/hook", "events": ["points.earned"]}
        api("post", "/v1/webhook-subscriptions", wanted, expect=201)
        api("post", "/v1/actions", {"action_key": "app_install", "customer_id": "7001"}, expect=201)
        fan_out(now=timezone.now())
        rows = api("get", "/v1/deliveries")["data"]
        assert {row["attributes"]["event"] for row in rows} >= {"points.earned", None}
        for row in rows:
            api("get", "/v1/deliveries/{delivery_id}", delivery_id=row["id"])
        api("post", "/v1/deliveries/{delivery_id}/replay", delivery_id=rows[0]["id"])
        api("post", "/v1/deliveries/replay", {"state": "dead"})
        api("post", "/v1/deliveries/replay", {}, expect=400)
        with shop.scope():
            code = Redemption.objects.get().public_id
        api("get", "/v1/deliveries/{delivery_id}", delivery_id=code)
        api("post", "/v1/deliveries/{delivery_id}/replay", delivery_id=code, expect=409)


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("post", "/v1/actions", {}, 400),
            ("post", "/v1/actions", {"action_key": "nothing", "customer_id": "7001"}, 404),
            ("get", "/v1/customers/{identifier}", None, 404),
            ("post", "/v1/customers/{identifier}/points", {"adjustment": 0}, 400),
            ("post", "/v1/webhook-subscriptions", {"url": "ftp://x"}, 400),
        ],
    )
    def test_have_the_documented_envelope(self, api, method, path, body, status):
        api(method, path, body, identifier="1", expect=status)

    def test_of_a_key_nobody_has(self, api):
        api.key = "nobody's"
        api("get", "/v1/customers", expect=401)


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
class TestAPurchase:
    def test_is_answered_by_the_real_processes_as_documented(self, stack, shop, member):
        headers = {"Authorization": shop.key(), "Idempotency-Key": "buy-1"}
        with scope(program=shop.program):
            reward = shop.reward(50, now=timezone.now())
        path, body = "/v1/rewards/{public_id}/purchase", {"customer_identifier": "7001"}
        url = stack.base_url + path.format(public_id=reward.public_id)
        for expected in (201, 200):
            answer = requests.post(url, json=body, headers=headers, timeout=30)
            assert answer.status_code == expected, answer.text
            assert check("post", path, answer.status_code, answer.headers, answer.content)
        history = "/v1/customers/{identifier}/reward-history"
        answer = requests.get(stack.base_url + history.format(identifier="7001"), headers=headers, timeout=30)
        shown = check("get", history, answer.status_code, answer.headers, answer.content)
        assert [line["attributes"]["reward_name"] for line in shown["data"]] == ["$5 off"]


WITH_ANSWERS = (
    TestCustomers,
    TestBatches,
    TestAwards,
    TestCatalogue,
    TestTheAudit,
    TestWebhookSubscriptions,
    TestDeliveries,
    TestAPurchase,
)


def test_every_operation_was_asked(request, whole_stack):
    """Runs after all others, for it has a stack and no database; where only some were chosen, there is nothing to say."""
    mine = {item.originalname for item in request.session.items if item.path == request.path}
    if {name for kind in WITH_ANSWERS for name in vars(kind) if name.startswith("test_")} <= mine:
        assert set(operations()) - ASKED == set()


def test_an_attribute_too_many_too_few_or_of_another_type_would_be_noticed():
    tier = {"id": "1", "name": "Gold", "points_required": 1, "points_multiplier": 1, "badge_image_url": None}
    schema = {"$ref": "#/components/schemas/TierOfCustomer", "components": closed()}
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({**tier, "badge_color": None})
    for wrong in (tier, {**tier, "badge_color": 7}, {**tier, "badge_color": None, "colour": "red"}):
        assert not validator.is_valid(wrong)
