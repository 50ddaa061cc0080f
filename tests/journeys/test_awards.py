"""`POST /v1/earning-rules/{id}/award`, and the lists of rules and tiers."""

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import set_excluded, switch_rule
from tests.a_shop import NOW

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    with live.scope():
        yield live


def award(shop, rule, who="7001", key=None):
    return shop.rest("POST", f"earning-rules/{rule.public_id}/award", {"customer_identifier": who}, key=key)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


class TestAnAward:
    def test_is_201_once_per_customer(self, shop):
        shop.tier("Gold", 0, "1.5")
        shop.member(7002)
        rule = shop.rule("follow_on_instagram", 100)
        told = award(shop, rule, "7002").json()["data"]["attributes"]
        assert (told["points"], told["base_points"], told["points_multiplier"], told["action"]) == (
            150, 100, 1.5, "follow_on_instagram",
        )  # fmt: skip
        with shop.nothing_changes():
            assert code(award(shop, rule, "7002@example.com")) == (409, "already_awarded")
        assert award(shop, rule, "7001").status_code == 201

    def test_is_replayed_under_its_header_key_whatever_came_since(self, shop):
        rule = shop.rule()
        first = award(shop, rule, key="k")
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        set_excluded(member_id=Award.objects.get().member_id, excluded=True, now=NOW)
        with shop.nothing_changes():
            again = award(shop, rule, key="k")
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_under_a_key_of_another_customers_award_is_409(self, shop):
        shop.member(7002)
        rule = shop.rule()
        award(shop, rule, key="k")
        with shop.nothing_changes():
            assert code(award(shop, rule, "7002", key="k")) == (409, "idempotency_key_reused")

    def test_of_a_rule_nobody_awards_by_a_call_is_422(self, shop):
        for rule in (shop.rule("place_order"), shop.rule("birthday"), shop.action("custom_one")):
            with shop.nothing_changes():
                assert code(award(shop, rule)) == (422, "category_not_awardable")

    def test_is_refused_for_strangers_excluded_members_and_rules_that_are_off(self, shop):
        rule, off = shop.rule(), shop.rule("survey")
        switch_rule(public_id=off.public_id, on=False, now=NOW)
        excluded = shop.member(7002)
        set_excluded(member_id=excluded.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            assert code(award(shop, rule, "7999")) == (404, "not_found")
            assert code(award(shop, off)) == (404, "not_found")
            assert code(award(shop, rule, "7002")) == (403, "customer_excluded")
            answer = shop.rest("POST", f"earning-rules/{rule.public_id}/award", {})
            assert code(answer) == (400, "invalid_field")
            assert code(shop.rest("POST", "earning-rules/rule_x/award", {"customer_identifier": "7001"}))[0] == 404


class TestLists:
    def test_show_rules_with_their_keys_numbers_and_pages(self, shop):
        made = [shop.action(f"key_{number}", points=number + 1) for number in range(3)]
        answer = shop.rest("GET", "earning-rules?page[size]=2&sort=created_at").json()
        assert answer["meta"] == {"total": 3, "page": 1, "per_page": 2, "total_pages": 2}
        first = answer["data"][0]
        assert (first["id"], first["attributes"]["action_key"], first["attributes"]["action_id"]) == (
            made[0].public_id, "key_0", made[0].pk,
        )  # fmt: skip
        assert shop.rest("GET", f"earning-rules/{made[0].public_id}").json()["data"] == first

    @pytest.mark.parametrize(
        "query", ["page[size]=1000", "page[number]=-1", "sort=nope", "page[size]=x", "filter[x]=1"]
    )
    def test_never_fail_for_a_parameter(self, shop, query):
        assert shop.rest("GET", f"earning-rules?{query}").status_code == 200

    def test_past_their_end_are_empty_with_the_true_totals(self, shop):
        shop.action("one")
        answer = shop.rest("GET", "earning-rules?page[number]=9").json()
        assert (answer["data"], answer["meta"]["total"]) == ([], 1)

    def test_show_tiers_lowest_first_without_pages(self, shop):
        shop.tier("Gold", 100, "2")
        shop.tier("Member", 0)
        answer = shop.rest("GET", "vip-tiers").json()
        assert [tier["attributes"]["name"] for tier in answer["data"]] == ["Member", "Gold"]
        assert "meta" not in answer
