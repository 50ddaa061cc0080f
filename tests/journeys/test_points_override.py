"""Points that the caller states: only with a key that may, for an action that lets them, up to its limit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.programs.models import ApiKey
from loyalty.programs.operations import create_api_key
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    made.tier("Gold", 0, "2")
    made.member(7001, email="ada@example.com", now=timezone.now())
    with made.scope():
        yield made
        made.assert_sound()


def call(shop: AShop, *, may: bool = True, **body: Any) -> Any:
    _, key = create_api_key(program=shop.program, name="K", scope="full", now=timezone.now(), may_set_points=may)
    return Client().post(
        "/v1/actions", json.dumps({"customer_id": "7001", **body}), content_type="application/json",
        headers={"Authorization": key},
    )  # fmt: skip


def told(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.content
    return answer.json()["data"]["attributes"]


class TestStatedPoints:
    def test_replace_the_base_and_are_multiplied(self, shop):
        shop.action(options={"caller_sets_points": True})
        assert told(call(shop, action_key="app_install", points=70))["points"] == 140
        assert Award.objects.get().breakdown["base_from"] == "caller"

    @pytest.mark.parametrize(
        ("may", "options", "points", "status", "code"),
        [
            (False, {"caller_sets_points": True}, 70, 403, "points_override_not_allowed"),
            (True, {}, 70, 403, "points_override_not_allowed"),
            (True, {"caller_sets_points": True}, 1001, 400, "invalid_field"),
            (True, {"caller_sets_points": True, "most_points": 50}, 51, 400, "invalid_field"),
            (True, {"caller_sets_points": True}, 0, 400, "invalid_field"),
        ],
    )
    def test_that_nobody_allowed_are_refused(self, shop, may, options, points, status, code):
        shop.action(options=options)
        with shop.nothing_changes():
            answer = call(shop, may=may, action_key="app_install", points=points)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)

    def test_are_a_part_of_the_request(self, shop):
        shop.action(options={"caller_sets_points": True})
        call(shop, action_key="app_install", points=70, idempotency_key="k")
        assert told(call(shop, action_key="app_install", points=70, idempotency_key="k"))["replayed"] is True
        again = call(shop, action_key="app_install", points=71, idempotency_key="k")
        assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "idempotency_key_reused")

    def test_are_answered_again_after_the_action_stopped_taking_them(self, shop):
        rule = shop.action(options={"caller_sets_points": True})
        call(shop, action_key="app_install", points=70, idempotency_key="k")
        type(rule).objects.filter(pk=rule.pk).update(options={})
        assert told(call(shop, action_key="app_install", points=70, idempotency_key="k"))["replayed"] is True


class TestLootlysSpelling:
    @pytest.mark.parametrize("as_text", [False, True])
    def test_finds_the_action_by_its_number_and_the_customer_by_email(self, shop, as_text):
        rule = shop.action()
        number = str(rule.pk) if as_text else rule.pk
        assert told(call(shop, customer_id=None, action_id=number, email="ADA@example.com"))["points"] == 200

    def test_survives_a_new_key_of_the_action(self, shop):
        rule = shop.action()
        type(rule).objects.filter(pk=rule.pk).update(action_key="renamed")
        assert told(call(shop, action_id=rule.pk))["points"] == 200

    @pytest.mark.parametrize(("body", "status"), [({"action_id": 999_999}, 404), ({}, 400), ({"action_id": "x"}, 400)])
    def test_of_no_action_is_refused(self, shop, body, status):
        shop.action()
        with shop.nothing_changes():
            assert call(shop, **body).status_code == status


class TestTheForms:
    @pytest.fixture
    def staff(self, shop):
        set_login(program=shop.program, username="ada", password="ada")
        client = Client()
        client.login(username="ada", password="ada")
        return client

    def test_a_key_that_may_and_ends_is_made_and_shown(self, shop, staff):
        page = "/standalone/settings/developer"
        sent = {"name": "Till", "scope": "full", "may_set_points": "on", "expires_on": "2099-01-31"}
        shown = staff.post(page, sent).content.decode()
        key = ApiKey.objects.get()
        assert (key.may_set_points, key.requests_per_second) == (True, 60)
        assert key.expires_at is not None
        assert "set points" in shown
        assert "through 31 Jan 2099" in shown

    @pytest.mark.parametrize(
        "wrong", [{"scope": "read_only", "may_set_points": "on"}, {"scope": "full", "expires_on": "2020-01-01"}]
    )
    def test_a_key_that_can_not_be_is_refused(self, shop, staff, wrong):
        answer = staff.post("/standalone/settings/developer", {"name": "Till", **wrong})
        assert (answer.status_code, ApiKey.objects.count()) == (422, 0)

    def test_a_key_past_its_last_day_opens_nothing(self, shop, staff):
        rule = shop.action()
        _, key = create_api_key(program=shop.program, name="K", scope="full", now=timezone.now())
        ApiKey.objects.update(expires_at=timezone.now())
        answer = Client().get(f"/v1/earning-rules/{rule.public_id}", headers={"Authorization": key})
        assert answer.status_code == 401

    @pytest.mark.parametrize(
        ("changes", "most"), [({}, None), ({"option_caller_sets_points": "on", "option_most_points": "80"}, 80)]
    )
    def test_an_action_lets_the_caller_set_points_as_its_form_says(self, shop, staff, changes, most):
        sent = {
            "name": "Scan", "action_key": "scan", "points": "10", "frequency": "unlimited", "approval_days": "0",
            "is_active": "on", "option_most_points": "1000", **changes,
        }  # fmt: skip
        assert staff.post("/standalone/earning-rules/new/custom", sent).status_code == 303
        assert call(shop, action_key="scan", points=80).status_code == (201 if most else 403)
        assert call(shop, action_key="scan", points=81).status_code == (400 if most else 403)
