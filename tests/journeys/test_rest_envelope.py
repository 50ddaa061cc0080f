"""What every REST answer has in common: who may call, in which order it is checked, and how a refusal looks."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.test import Client

from loyalty.programs.models import ApiKey
from loyalty.programs.operations import revoke_api_key
from tests.a_shop import NOW, AShop
from tests.architecture.routes import routes

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REST = [route for route in routes() if route.guard == "API key"]


@pytest.fixture
def shop(live):
    live.action(points=100)
    with live.scope():
        yield live


def error(answer):
    (one,) = answer.json()["errors"]
    return one


@pytest.mark.django_db
class TestEveryRoute:
    @pytest.mark.parametrize("route", REST, ids=lambda route: route.pattern)
    def test_answers_nobody_without_a_key(self, db, route):
        for method in METHODS:
            for headers, code in (
                ({}, "missing_authorization"),
                ({"Authorization": "enc_wrongkey_"}, "invalid_api_key"),
                ({"Authorization": "Bearer "}, "invalid_api_key"),
            ):
                answer = Client().generic(method, route.path(), "{}", headers=headers)
                assert answer.status_code == 401, (method, answer.content)
                assert json.loads(answer.content)["errors"][0]["code"] == code
                assert answer["Content-Type"] == "application/json; charset=utf-8"


class TestAKey:
    def test_is_taken_bare_and_as_a_bearer(self, shop):
        for spelled in (shop.secret, f"Bearer {shop.secret}", f"bearer  {shop.secret}"):
            assert shop.rest("GET", "customers", Authorization=spelled).status_code == 200

    def test_that_was_revoked_is_as_unknown_as_any(self, shop):
        for key in ApiKey.objects.all():
            revoke_api_key(key_id=key.pk, now=NOW)
        answer = shop.rest("GET", "customers")
        assert (answer.status_code, error(answer)["detail"]) == (401, "Invalid API key")

    def test_of_a_plan_without_the_api_opens_nothing(self, shop):
        shop.set(plan="starter")
        answer = shop.rest("GET", "customers")
        assert (answer.status_code, error(answer)["code"]) == (403, "plan_required")

    def test_that_may_only_read_writes_nothing(self, shop):
        shop.secret = shop.key("read_only")
        assert shop.rest("GET", "customers/7001").status_code == 200
        assert shop.rest("HEAD", "customers").status_code == 200
        writes = [
            ("POST", "actions", {"action_key": "app_install", "customer_id": "7001"}),
            ("POST", "customers/7001/points", {"adjustment": 5}), ("PUT", "customers/7001", {"is_excluded": True}),
            ("POST", "customers", {"shopify_customer_id": "7001"}), ("POST", "rewards/x/purchase", {}),
            ("POST", "webhook-subscriptions", {}), ("DELETE", "webhook-subscriptions/x", None),
        ]  # fmt: skip
        with shop.nothing_changes():
            for method, path, body in writes:
                answer = shop.rest(method, path, body)
                assert (answer.status_code, error(answer)["detail"]) == (
                    403, "This API key is read-only and cannot perform write operations",
                )  # fmt: skip

    def test_notes_its_use(self, shop):
        shop.rest("GET", "customers")
        assert ApiKey.objects.get().last_used_at is not None

    def test_of_one_shop_finds_nobody_of_another(self, shop):
        other = AShop.new()
        other.member(8001, points=10)
        reward = other.reward()
        assert shop.rest("GET", "customers/8001").status_code == 404
        assert shop.rest("GET", f"rewards/{reward.public_id}").status_code == 404
        answer = shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
        assert (answer.status_code, error(answer)["detail"]) == (404, f"Reward '{reward.public_id}' not found")
        assert shop.rest("GET", "customers?filter[email]=8001").json()["data"] == []


class TestTheRateLimit:
    def test_lets_six_through_and_asks_the_rest_to_wait(self, shop):
        shop.secret = shop.key(requests_per_second=6)
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: shop.rest("GET", "vip-tiers"), range(12)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert 12 - len(refused) >= 6
        assert refused
        assert error(refused[0])["detail"] == "Rate limit exceeded. Please retry after a short delay."
        assert (refused[0].headers["Retry-After"], refused[0].headers["RateLimit-Remaining"]) == ("1", "0")

    def test_is_told_on_every_answer_and_counts_each_key_apart(self, shop):
        first = shop.rest("GET", "vip-tiers")
        assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Reset"]) == ("1000", "1")
        shop.secret = shop.key(requests_per_second=6)
        assert shop.rest("GET", "vip-tiers").headers["RateLimit-Remaining"] == "5"


class TestTheOrderOfChecks:
    def test_is_key_plan_path_method_scope_body(self, shop):
        read_only, full = shop.key("read_only"), shop.secret
        shop.secret = read_only
        assert error(shop.rest("POST", "no-such-place"))["code"] == "not_found"
        answer = shop.rest("PATCH", "customers/7001")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, PUT")
        assert shop.rest("OPTIONS", "customers/7001").status_code == 405
        assert error(shop.rest("POST", "actions"))["code"] == "read_only_key"
        shop.secret = full
        assert (
            error(shop.rest("POST", "actions", {"action_key": "no_such", "customer_id": "no id"}))["code"]
            == "invalid_field"
        )
        assert error(shop.rest("DELETE", "actions"))["detail"] == "DELETE is not supported on this endpoint"

    @pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": "\\u0000"}', b'{"a": NaN}'])
    def test_refuses_what_is_no_json_object(self, shop, raw):
        with shop.nothing_changes():
            answer = requests.post(
                f"{shop.stack.base_url}/v1/actions", data=raw, headers={"Authorization": shop.secret}, timeout=10
            )
        assert (answer.status_code, error(answer)["code"]) == (400, "invalid_json")

    def test_refuses_more_than_a_megabyte(self, shop):
        answer = shop.rest("POST", "actions", {"a": "x" * (1024 * 1024)})
        assert (answer.status_code, error(answer)["code"]) == (413, "body_too_large")

    @pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400, "1e308"])
    def test_refuses_numbers_no_column_can_hold(self, shop, number):
        raw = f'{{"adjustment": {number}}}'.encode()
        url = f"{shop.stack.base_url}/v1/customers/7001/points"
        answer = requests.post(url, data=raw, headers={"Authorization": shop.secret}, timeout=10)
        assert (answer.status_code, error(answer)["code"]) == (400, "invalid_field")


class TestAnAnswer:
    def test_carries_an_id_of_its_own(self, shop):
        ids = {shop.rest("GET", "customers").headers["X-Request-Id"] for _ in range(3)}
        assert len(ids) == 3

    def test_never_tells_of_the_inside(self, shop):
        for path in ("customers/%00", "customers/" + "9" * 400, "earning-rules/%27%3B--", "rewards/..%2f"):
            answer = shop.rest("GET", path)
            assert answer.status_code == 404, path
            assert set(error(answer)) == {"status", "title", "detail", "code"}

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_to_an_impossible_idempotency_key_is_400(self, shop, key):
        answer = shop.rest("POST", "customers/7001/points", {"adjustment": 5}, **{"Idempotency-Key": key})
        assert (answer.status_code, shop.rows()["Entry"]) == (400, 0)
