"""A merchant's backend calls `POST /v1/actions`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import ActionCall, Award
from loyalty.earning.operations import set_excluded, switch_rule
from tests.a_shop import NOW

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    live.action(points=100)
    with live.scope():
        yield live


def call(shop, key=None, *, header=None, **fields):
    body = {"action_key": "app_install", "customer_id": "7001", **({"idempotency_key": key} if key else {}), **fields}
    return shop.rest("POST", "actions", {name: value for name, value in body.items() if value is not ...}, key=header)


def attributes(answer):
    return answer.json()["data"]["attributes"]


def refusal(answer):
    (error,) = answer.json()["errors"]
    return int(error["status"]), error["code"]


class TestTheFirstCall:
    def test_is_201_with_the_award_and_the_new_balance(self, shop):
        answer = call(shop, "install-7001-ios", metadata={"platform": "ios"})
        assert answer.status_code == 201
        data = answer.json()["data"]
        award = Award.objects.get()
        assert (data["type"], data["id"]) == ("earning_history_entry", award.public_id)
        told = {**data["attributes"]}
        times = {told.pop(name) for name in ("points_given_at", "created_at", "updated_at")}
        assert len(times) == 1
        assert told == {
            "earning_rule_id": award.rule.public_id, "action": "custom", "points": 100, "base_points": 100,
            "points_multiplier": 1, "points_balance": 100, "status": "approved", "idempotency_key": "install-7001-ios",
            "replayed": False, "points_due_at": None, "points_expiry_at": None,
        }  # fmt: skip
        assert "Idempotent-Replayed" not in answer.headers
        assert award.metadata == {"platform": "ios"}

    def test_multiplies_by_tier_and_campaign(self, shop):
        shop.tier("Gold", 0, "1.5")
        shop.member(7002)
        rule = shop.action("half", 33)
        shop.campaign(rule, "1.1")
        told = attributes(call(shop, action_key="half", customer_id="7002"))
        assert (told["points"], told["base_points"], told["points_multiplier"]) == (54, 33, 1.65)

    def test_with_an_approval_time_is_pending_and_outside_the_balance(self, shop):
        shop.action("slow", 10, approval_days=14)
        told = attributes(call(shop, action_key="slow"))
        assert (told["status"], told["points"], told["points_balance"]) == ("pending", 10, 0)
        assert (told["points_given_at"], told["points_due_at"] is None) == (None, False)

    @pytest.mark.parametrize(
        "who",
        [
            {"customer_id": 7001}, {"customer_id": "gid://shopify/Customer/7001"},
            {"customer_id": ..., "customer_email": " ADA@example.com "},
            {"customer_id": "7001", "customer_email": "somebody-else@example.com"},
        ],
        ids=str,
    )  # fmt: skip
    def test_finds_the_customer_under_every_name(self, shop, who):
        assert call(shop, **who).status_code == 201

    def test_may_be_wrapped_and_of_any_content_type(self, shop):
        body = {"data": {"attributes": {"action_key": "app_install", "customer_id": "7001"}}}
        assert shop.rest("POST", "actions", body, **{"Content-Type": "text/plain"}).status_code == 201


class TestTheSameKey:
    @pytest.mark.parametrize("door", ["body", "header", "both"])
    def test_is_200_with_the_first_award(self, shop, door):
        how = {"body": {"key": "k1"}, "header": {"header": "k1"}, "both": {"key": "k1", "header": "k1"}}[door]
        first = call(shop, **how)
        with shop.nothing_changes():
            again = call(shop, **how)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json()["data"]["id"] == first.json()["data"]["id"]
        assert (attributes(again)["replayed"], again.headers["Idempotent-Replayed"]) == (True, "true")

    def test_sent_sixteen_times_at_once_is_one_award(self, shop):
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: call(shop, "k1"), range(16)))
        assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
        assert len({answer.json()["data"]["id"] for answer in answers}) == Award.objects.count() == 1

    def test_of_a_once_per_customer_action_is_a_replay_and_another_key_is_409(self, shop):
        shop.action("once", 10, frequency="once")
        call(shop, "k1", action_key="once")
        with shop.nothing_changes():
            assert call(shop, "k1", action_key="once").status_code == 200
            for key in ("k2", None):
                assert refusal(call(shop, key, action_key="once")) == (409, "already_awarded")

    def test_is_a_success_after_the_action_went_off_and_the_member_was_excluded(self, shop):
        call(shop, "k1")
        award = Award.objects.get()
        switch_rule(public_id=award.rule.public_id, on=False, now=NOW)
        set_excluded(member_id=award.member_id, excluded=True, now=NOW)
        shop.set(is_enabled=False)
        assert call(shop, "k1").status_code == 200

    def test_of_another_customer_is_409(self, shop):
        shop.member(7002)
        call(shop, "k1")
        with shop.nothing_changes():
            assert refusal(call(shop, "k1", customer_id="7002")) == (409, "idempotency_key_reused")

    def test_that_differs_from_the_header_is_400(self, shop):
        with shop.nothing_changes():
            assert refusal(call(shop, "k1", header="k2")) == (400, "invalid_field")

    def test_survives_a_new_api_key(self, shop):
        call(shop, "k1")
        shop.secret = shop.key()
        assert call(shop, "k1").status_code == 200


class TestASkip:
    def test_is_a_success_without_points_that_uses_nothing_up(self, shop):
        shop.set(is_enabled=False)
        with shop.nothing_changes():
            answer = call(shop, "k1")
        told = attributes(answer)
        assert (answer.status_code, told["status"], told["skip_reason"], told["points"], told["replayed"]) == (
            200, "skipped", "program_disabled", 0, False,
        )  # fmt: skip
        assert answer.json()["data"]["id"].startswith("skip_")
        assert ActionCall.objects.get().outcome == "skipped"
        shop.set(is_enabled=True)
        assert call(shop, "k1").status_code == 201


class TestARefusal:
    @pytest.mark.parametrize(
        ("fields", "status", "code"),
        [
            ({"customer_id": "7999"}, 404, "not_found"),
            ({"customer_id": ..., "customer_email": "nobody@example.com"}, 404, "not_found"),
            ({"action_key": "no_such"}, 404, "not_found"),
            ({"action_key": "Not A Key"}, 400, "invalid_field"),
            ({"action_key": ...}, 400, "invalid_field"),
            ({"action_key": 5}, 400, "invalid_field"),
            ({"action_key": "x" * 101}, 400, "invalid_field"),
            ({"customer_id": ...}, 400, "invalid_field"),
            ({"customer_id": "ada"}, 400, "invalid_field"),
            ({"customer_id": ..., "customer_email": "ada"}, 400, "invalid_field"),
            ({"idempotency_key": ""}, 400, "invalid_field"),
            ({"idempotency_key": "x" * 256}, 400, "invalid_field"),
            ({"metadata": [1]}, 400, "invalid_field"),
            ({"metadata": {"a": "x" * 17_000}}, 400, "invalid_field"),
            ({"points": 0}, 400, "invalid_field"),
            ({"points": 5}, 403, "points_override_not_allowed"),
        ],
        ids=str,
    )
    def test_changes_nothing_and_says_why(self, shop, fields, status, code):
        with shop.nothing_changes():
            answer = call(shop, **fields)
        assert (answer.status_code, *refusal(answer)) == (status, status, code)

    def test_of_an_action_that_is_off_or_of_an_excluded_member(self, shop):
        rule = shop.action("off")
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        assert refusal(call(shop, action_key="off")) == (404, "not_found")
        member = shop.member(7002)
        set_excluded(member_id=member.pk, excluded=True, now=NOW)
        assert refusal(call(shop, customer_id="7002")) == (403, "customer_excluded")
        assert Award.objects.count() == 0
        assert list(ActionCall.objects.order_by("pk").values_list("code", flat=True)) == [
            "off",
            "customer_excluded",
        ]


class TestALimit:
    def test_is_409_says_when_it_opens_again_and_is_logged(self, shop):
        shop.action("quiz", 10, limit=Limit(1, Window.DAY))
        assert call(shop, action_key="quiz").status_code == 201
        with shop.nothing_changes():
            answer = call(shop, action_key="quiz")
        assert refusal(answer) == (409, "earning_limit_reached")
        assert "once per day; the next is possible from " in answer.json()["errors"][0]["detail"]
        assert ActionCall.objects.get().code == "earning_limit_reached"
