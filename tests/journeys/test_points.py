"""`/v1/customers/{identifier}/points` and the earning history."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from loyalty.earning.models import Award

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    live.give(live.member(7001), 100)
    with live.scope():
        yield live


def adjust(shop, points, key=None, **more):
    return shop.rest("POST", "customers/7001/points", {"adjustment": points, **more}, key=key)


def shown(answer):
    return answer.json()["data"]["attributes"]


class TestAnAdjustment:
    def test_is_200_with_the_balance_before_and_after(self, shop):
        answer = adjust(shop, 50, note="Sorry")
        assert (answer.status_code, answer.json()["data"]["type"]) == (200, "points_adjustment")
        assert shown(answer) == {
            "shopify_customer_id": "7001", "adjustment": 50, "applied_adjustment": 50, "points_before": 100,
            "points_after": 150, "current_points": 150, "note": "Sorry",
        }  # fmt: skip

    def test_stops_at_zero_and_says_what_it_did(self, shop):
        told = shown(adjust(shop, -130))
        assert (told["adjustment"], told["applied_adjustment"], told["points_after"]) == (-130, -100, 0)

    def test_leaves_the_lifetime_alone_when_asked(self, shop):
        adjust(shop, 50, update_lifetime_points=False)
        told = shown(shop.rest("GET", "customers/7001"))
        assert (told["current_points"], told["lifetime_points"]) == (150, 100)

    def test_repeated_under_its_key_is_the_first_result_and_the_balance_of_now(self, shop):
        first = adjust(shop, -30, key="k")
        adjust(shop, 500)
        with shop.nothing_changes():
            again = adjust(shop, -30, key="k")
        assert again.headers["Idempotent-Replayed"] == "true"
        assert {**shown(again), "current_points": 70} == shown(first)
        assert shown(again)["current_points"] == 570

    def test_sent_eight_times_at_once_under_one_key_is_one(self, shop):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: adjust(shop, 7, key="k"), range(8)))
        assert {answer.status_code for answer in answers} == {200}
        assert Award.objects.count() == 1
        assert shown(shop.rest("GET", "customers/7001"))["current_points"] == 107

    def test_under_the_key_of_another_request_is_409(self, shop):
        adjust(shop, 5, key="k")
        with shop.nothing_changes():
            answer = adjust(shop, 6, key="k")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "idempotency_key_reused")

    @pytest.mark.parametrize("points", [0, 0.5, "5", True, None, [], 1_000_000_001])
    def test_of_no_whole_number_is_400(self, shop, points):
        with shop.nothing_changes():
            assert adjust(shop, points).status_code == 400

    @pytest.mark.parametrize("more", [{"note": 5}, {"note": "x" * 1001}, {"update_lifetime_points": "no"}])
    def test_with_an_impossible_field_is_400(self, shop, more):
        with shop.nothing_changes():
            assert adjust(shop, 5, **more).status_code == 400

    def test_of_a_stranger_is_404(self, shop):
        with shop.nothing_changes():
            assert shop.rest("POST", "customers/7999/points", {"adjustment": 5}).status_code == 404


class TestTheEarningHistory:
    def test_lists_what_was_earned_and_what_was_moved_by_hand(self, shop):
        shop.action("slow", 10, approval_days=3)
        shop.rest("POST", "actions", {"action_key": "slow", "customer_id": "7001"})
        adjust(shop, -5, note="Correction")
        answer = shop.rest("GET", "customers/7001/earning-history").json()
        by_hand, waiting = (row["attributes"] for row in answer["data"])
        assert (by_hand["points"], by_hand["action"], by_hand["manual_intervention"], by_hand["earning_rule_id"]) == (
            -5, "manual", True, None,
        )  # fmt: skip
        assert (waiting["status"], waiting["points_given_at"], waiting["points"]) == ("pending", None, 10)
        assert waiting["points_due_at"] is not None
        assert answer["meta"]["total"] == 2

    def test_is_filtered_by_status_and_sorted_by_points(self, shop):
        for points in (5, 9, 7):
            adjust(shop, points)
        rows = shop.rest("GET", "customers/7001/earning-history?sort=-points").json()["data"]
        assert [row["attributes"]["points"] for row in rows] == [9, 7, 5]
        assert shop.rest("GET", "customers/7001/earning-history?filter[status]=pending").json()["data"] == []
        assert shop.rest("GET", "customers/7999/earning-history").status_code == 404
