"""What a merchant's server asked of the REST API stands in the admin, with request and answer, for a few days."""

import json

import pytest
from django.test import Client

from loyalty.api import calls
from loyalty.programs.operations import create_api_key
from shopify_app.dashboard.operations import set_login
from shopify_app.webhooks.forgetting import forget
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        made.action(points=100)
        yield made
    calls.forget(program_id=made.program.pk)


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


@pytest.fixture
def call(shop):
    _key, secret = create_api_key(program=shop.program, name="Shop server", scope="full", now=NOW)

    def send(method, path, body=None, **headers):
        return getattr(Client(), method)(
            path, json.dumps(body) if body is not None else None, content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )  # fmt: skip

    return send


def listed(staff, query=""):
    return staff.get(f"/standalone/settings/developer/calls{query}").context["rows"]


class TestACall:
    def test_stands_there_with_request_and_answer(self, shop, staff, call):
        shop.member(7001, email="ada@example.com")
        award = {
            "customer_identifier": "7001",
            "action_key": "app_install",
            "metadata": {"api_key": "enc_secretsecret"},
        }
        answer = call("post", "/v1/earning-rules/custom/award", award, **{"Idempotency-Key": "order-7"})
        (row,) = listed(staff)
        assert (row.call.method, row.call.status, row.call.idempotency_key) == ("POST", answer.status_code, "order-7")
        page = staff.get(row.url).content.decode()
        assert answer.headers["X-Request-Id"] in page and "Shop server" in page
        assert "7001" in row.call.request and "enc_secretsecret" not in page

    def test_that_was_refused_says_why(self, shop, staff, call):
        call("get", "/v1/customers/nobody@example.com")
        (row,) = listed(staff)
        assert (row.call.status, row.call.error_code) == (404, "not_found")

    def test_with_a_body_that_is_no_json_is_there_as_it_came(self, shop, staff, call):
        _key, secret = create_api_key(program=shop.program, name="Other", scope="full", now=NOW)
        Client().post(
            "/v1/customers", "{oops", content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
        )
        (row,) = listed(staff)
        assert row.call.request == "{oops"

    def test_without_a_known_key_is_nobodys(self, shop, staff):
        Client().get("/v1/rewards", headers={"Authorization": "Bearer enc_wrong"})
        assert listed(staff) == []


class TestTheList:
    def test_answers_each_filter(self, shop, staff, call):
        call("get", "/v1/rewards")
        call("get", "/v1/customers/nobody@example.com")
        call("post", "/v1/customers?dry_run=true", {})
        said = {
            "?outcome=done": ["/v1/rewards"],
            "?outcome=refused": ["/v1/customers", "/v1/customers/nobody@example.com"],
            "?outcome=dry": ["/v1/customers"],
            "?method=GET": ["/v1/customers/nobody@example.com", "/v1/rewards"],
            "?path=REWARD": ["/v1/rewards"],
            "?key=enc_none": [],
        }
        assert {query: [row.path for row in listed(staff, query)] for query in said} == said

    def test_of_another_shop_is_not_shown(self, shop, staff, call):
        call("get", "/v1/rewards")
        other = AShop.new()
        set_login(program=other.program, username="eve", password="eve")
        client = Client()
        client.login(username="eve", password="eve")
        assert listed(client) == []
        assert client.get(listed(staff)[0].url).status_code == 404

    def test_forgets_with_a_customer_who_asked_for_it(self, shop, staff, call):
        shop.member(7001, email="ada@example.com")
        call("get", "/v1/customers/ada@example.com")
        forget(program=shop.program, shop=None, shopify_customer_id=7001, email="ada@example.com", now=NOW)
        assert listed(staff) == []
