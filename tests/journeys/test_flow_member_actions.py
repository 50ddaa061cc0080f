"""Flow's steps for members: points, tiers, reviews, approvals and rewards; each run once, each refusal a sentence."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.idempotency.models import Record
from loyalty.outbox.models import Event
from loyalty.rewards.models import Redemption
from loyalty.tiers.models import Tier, TierMembership
from tests.a_shop import AShop
from tests.flow import send

pytestmark = pytest.mark.django_db
ADA = {"customer_id": "7001"}
REVIEW = {
    "customer-email": "ada@example.com",
    "product-id": "gid://shopify/Product/55",
    "review-rating": "5",
    "review-type": "OKENDO",
}


@pytest.fixture
def shop(db):
    made = AShop.new()
    made.tier("Bronze", 0)
    made.tier("Silver", 500, "2")
    made.member(7001, email="ada@example.com", points=100, now=timezone.now())
    with made.scope():
        yield made
        made.assert_sound()


def value(answer):
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["return_value"]


def points(shop):
    return shop.balances(shop.member(7001), timezone.now()).available


class TestAddPoints:
    def add(self, shop, run_id="run-1", **properties):
        given = {"customer-identifier": "ada@example.com", "reason": "Thank you", **properties}
        return send(shop, "add-points", run_id, **given)

    def test_adds_exactly_what_the_step_says_and_never_twice(self, shop):
        first = self.add(shop, pointsToAdd=" 30 ")
        assert value(first) == {"status": "added", "points": 30, "pointsBalance": 130, "skipReason": ""}
        assert self.add(shop, pointsToAdd="30").content == first.content
        assert points(shop) == 130
        award = Award.objects.get()
        assert (award.note, award.source, award.is_manual) == ("Thank you", "flow", True)

    @pytest.mark.parametrize("spelling", ["points-to-add", "points_to_add", "pointsToAdd"])
    def test_reads_a_field_in_any_spelling(self, shop, spelling):
        assert value(self.add(shop, **{spelling: 5}))["points"] == 5

    def test_by_id_in_any_form(self, shop):
        for number, who in enumerate(("7001", "gid://shopify/Customer/7001")):
            assert (
                value(self.add(shop, f"run-{number}", **{"customer-identifier": who}, pointsToAdd="1"))["points"] == 1
            )

    def test_by_a_rule_gives_what_the_rule_gives(self, shop):
        TierMembership.objects.update(tier=Tier.objects.get(name="Silver"))
        rule = shop.rule("follow_on_x", points=40)
        told = value(self.add(shop, **{"rule-id": str(rule.pk)}))
        assert (told["status"], told["points"]) == ("added", 80)
        again = self.add(shop, "run-2", **{"rule-id": rule.pk})
        assert (again.status_code, again.content) == (
            409, b"Customer has already been awarded points for this earning rule.",
        )  # fmt: skip

    def test_by_a_rule_that_waits_says_so(self, shop):
        rule = shop.rule("follow_on_x", points=40, approval_days=3)
        assert value(self.add(shop, **{"rule-id": rule.pk}))["status"] == "pending"
        assert points(shop) == 100

    def test_with_both_the_rule_is_a_label(self, shop):
        rule = shop.rule("follow_on_x", points=40, name="Follow us")
        for run_id in ("run-1", "run-2"):
            assert value(self.add(shop, run_id, pointsToAdd="7", **{"rule-id": rule.pk}))["points"] == 7
        told = Event.objects.filter(kind="points.earned").latest("sequence").payload
        assert (told["rule_name"], told["rule_number"], told["points"]) == ("Follow us", rule.pk, 7)

    @pytest.mark.parametrize(
        ("properties", "status", "sentence"),
        [
            ({}, 400, "Say how many points to add, or by which rule: fill in Points to add or Rule id."),
            ({"pointsToAdd": "ten"}, 400, "Points to add must be a whole number, not 'ten'."),
            ({"pointsToAdd": "1.5"}, 400, "Points to add must be a whole number, not '1.5'."),
            ({"pointsToAdd": "0"}, 400, "Points to add must be from 1 to 1,000,000,000."),
            ({"pointsToAdd": "-3"}, 400, "Points to add must be from 1 to 1,000,000,000."),
            ({"pointsToAdd": "NaN"}, 400, "Points to add must be a whole number, not 'NaN'."),
            ({"pointsToAdd": "5", "reason": " "}, 400, "Reason is missing: fill it in the workflow step."),
            ({"pointsToAdd": "5", "customer-identifier": "9"}, 404, "Customer '9' not found."),
            ({"rule-id": "12345"}, 404, "Earning rule '12345' not found."),
        ],
    )
    def test_refuses_what_is_wrong_in_a_sentence_and_changes_nothing(self, shop, properties, status, sentence):
        with shop.nothing_changes():
            answer = self.add(shop, **properties)
        assert (answer.status_code, answer.content.decode()) == (status, sentence)
        assert not Record.objects.exists()

    @pytest.mark.parametrize(
        ("setting", "reason"),
        [
            ({"is_enabled": False}, "program_disabled"),
            ({"test_mode": "restrict", "test_mode_emails": ["else@example.com"]}, "test_mode"),
        ],
    )
    def test_is_skipped_while_the_member_takes_no_part(self, shop, setting, reason):
        shop.set(**setting)
        first = self.add(shop, pointsToAdd="5")
        assert value(first) == {"status": "skipped", "points": 0, "pointsBalance": 100, "skipReason": reason}
        shop.set(is_enabled=True, test_mode="off")
        assert self.add(shop, pointsToAdd="5").content == first.content
        assert value(self.add(shop, "run-2", pointsToAdd="5"))["points"] == 5

    def test_after_a_refusal_the_run_may_succeed(self, shop):
        assert self.add(shop, pointsToAdd="5", **{"customer-identifier": "7002"}).status_code == 404
        shop.member(7002)
        assert value(self.add(shop, pointsToAdd="5", **{"customer-identifier": "7002"}))["points"] == 5


class TestRemovePoints:
    def test_takes_what_is_there_and_no_more(self, shop):
        given = {**ADA, "pointsToRemove": "70", "reason": "Mistake"}
        first = send(shop, "remove-points", **given)
        assert value(first) == {"status": "removed", "points": 70, "pointsBalance": 30}
        assert send(shop, "remove-points", **given).content == first.content
        assert value(send(shop, "remove-points", "run-2", **given)) == {
            "status": "removed",
            "points": 30,
            "pointsBalance": 0,
        }
        assert value(send(shop, "remove-points", "run-3", **given)) == {
            "status": "unchanged",
            "points": 0,
            "pointsBalance": 0,
        }

    def test_of_nobody_is_refused(self, shop):
        answer = send(shop, "remove-points", pointsToRemove="1", reason="x", customer_id="9")
        assert (answer.status_code, answer.content) == (404, b"Customer '9' not found.")


class TestAssignVipTier:
    def assign(self, shop, run_id="run-1", **properties):
        given = {"customer-identifier": "7001", "vip-tier-name": "Silver", **properties}
        return send(shop, "assign-vip-tier", run_id, **given)

    def test_puts_there_locks_and_tells_of_it_once(self, shop):
        first = self.assign(shop, **{"lock-tier": "TRUE", "reason": "VIP dinner"})
        assert value(first) == {"status": "assigned", "tier": "Silver", "previousTier": "Bronze", "isLocked": True}
        assert self.assign(shop, **{"lock-tier": "TRUE", "reason": "VIP dinner"}).content == first.content
        assert TierMembership.objects.get().is_locked
        told = Event.objects.get(kind="tier.changed").payload
        assert (told["new_tier"], told["direction"], told["note"]) == ("Silver", "up", "VIP dinner")

    def test_who_is_there_stays_with_the_lock_they_have(self, shop):
        self.assign(shop, **{"lock-tier": "true"})
        assert value(self.assign(shop, "run-2")) == {
            "status": "unchanged", "tier": "Silver", "previousTier": "Silver", "isLocked": True,
        }  # fmt: skip
        assert TierMembership.objects.get().is_locked
        assert Event.objects.filter(kind="tier.changed").count() == 1

    @pytest.mark.parametrize(
        ("properties", "status", "sentence"),
        [
            ({"vip-tier-name": "silver"}, 404, "There is no VIP tier 'silver'; do you mean 'Silver'?"),
            ({"vip-tier-name": "Gold"}, 404, "There is no VIP tier 'Gold'."),
            ({"lock-tier": "maybe"}, 400, "Lock tier must be true or false, not 'maybe'."),
            ({"customer-identifier": "bob@example.com"}, 404, "Customer 'bob@example.com' not found."),
        ],
    )
    def test_refuses_what_is_wrong(self, shop, properties, status, sentence):
        answer = self.assign(shop, **properties)
        assert (answer.status_code, answer.content.decode().removesuffix(".")) == (status, sentence.removesuffix("."))
        assert TierMembership.objects.get().tier.name == "Bronze"


class TestReviews:
    def test_are_awarded_once_each_whichever_run_tells_of_them(self, shop):
        shop.rule("review", points=50, frequency="unlimited", options={"photo_points": 80, "video_points": 120})
        first = send(shop, "reward-points-for-reviews", **REVIEW)
        assert (value(first)["status"], value(first)["points"]) == ("awarded", 50)
        assert send(shop, "reward-points-for-reviews", **REVIEW).content == first.content
        again = send(shop, "reward-points-for-reviews", "run-2", **REVIEW)
        assert again.status_code == 409
        other = {**REVIEW, "product-id": "56", "image-count": "2"}
        assert value(send(shop, "reward-points-for-reviews", "run-3", **other))["points"] == 80
        with_id = {**REVIEW, "review-id": "r-9", "video-count": "1"}
        assert value(send(shop, "reward-points-for-reviews", "run-4", **with_id))["points"] == 120
        assert points(shop) == 100 + 50 + 80 + 120
        assert Award.objects.order_by("pk").first().metadata["rating"] == "5"

    def test_go_by_the_rule_for_their_app(self, shop):
        shop.rule("review", points=10, frequency="unlimited", options={"platforms": ["okendo"]})
        shop.rule("review", points=20, frequency="unlimited")
        assert value(send(shop, "reward-points-for-reviews", **REVIEW))["points"] == 10
        other = {**REVIEW, "review-type": "REVIEWS_IO"}
        assert value(send(shop, "reward-points-for-reviews", "run-2", **other))["points"] == 20

    @pytest.mark.parametrize(
        ("properties", "status", "begins"),
        [
            ({"review-type": "YOTPO"}, 400, "Review type must be one of REVIEWS_IO"),
            ({"review-rating": "great"}, 400, "Rating must be a number, such as 5, not 'great'."),
            ({"image-count": "-1"}, 400, "Images count must be from 0"),
            ({"customer-email": "bob@example.com"}, 404, "Customer 'bob@example.com' not found."),
            ({"review-type": "AIR_REVIEWS"}, 404, "No earning rule for reviews of AIR_REVIEWS is on"),
        ],
    )
    def test_refuses_what_is_wrong(self, shop, properties, status, begins):
        shop.rule("review", points=10, frequency="unlimited", options={"platforms": ["OKENDO"]})
        with shop.nothing_changes():
            answer = send(shop, "reward-points-for-reviews", **{**REVIEW, **properties})
        assert answer.status_code == status
        assert answer.content.decode().startswith(begins)


class TestApprovePendingPoints:
    def test_approves_one_or_all_of_the_customers(self, shop):
        shop.action("slow", points=10, approval_days=9)
        first, *_ = [shop.award(None, action="slow", now=timezone.now()) for _ in range(3)]
        other = shop.member(7002, now=timezone.now())
        theirs = shop.award(None, action="slow", customer=7002, now=timezone.now())
        told = send(shop, "approve-pending-points", **ADA, award_id=first.public_id)
        assert value(told) == {"status": "approved", "awards": 1, "points": 10, "pointsBalance": 110}
        assert value(send(shop, "approve-pending-points", "run-2", **ADA)) == {
            "status": "approved", "awards": 2, "points": 20, "pointsBalance": 130,
        }  # fmt: skip
        assert value(send(shop, "approve-pending-points", "run-3", **ADA))["status"] == "unchanged"
        refused = send(shop, "approve-pending-points", "run-4", **ADA, award_id=theirs.public_id)
        assert (refused.status_code, refused.content.decode()) == (
            404,
            f"This customer has no award '{theirs.public_id}'.",
        )
        assert shop.balances(other, timezone.now()).available == 0


class TestIssueReward:
    def test_gives_it_once_a_run_and_takes_no_points(self, shop):
        reward = shop.reward(500, now=timezone.now())
        given = {**ADA, "reward_id": reward.public_id}
        first = send(shop, "issue-reward", **given)
        told = value(first)
        made = Redemption.objects.get()
        assert (told["status"], told["rewardName"], told["discountCode"]) == ("issued", "$5 off", made.code)
        assert send(shop, "issue-reward", **given).content == first.content
        assert (Redemption.objects.count(), points(shop)) == (1, 100)
        assert value(send(shop, "issue-reward", "run-2", **given))["redemptionId"] != told["redemptionId"]

    def test_that_does_not_exist_is_refused(self, shop):
        with shop.nothing_changes():
            assert send(shop, "issue-reward", **ADA, reward_id="reward_x").status_code == 404


class TestARunIdOfAnotherStep:
    def test_is_refused(self, shop):
        send(shop, "remove-points", **ADA, pointsToRemove="1", reason="x")
        answer = send(shop, "issue-reward", **ADA, reward_id=shop.reward(500).public_id)
        assert answer.status_code == 409
        assert not Redemption.objects.exists()


def test_a_shop_that_has_left_is_told_so(shop):
    shop.set(is_installed=False)
    answer = send(shop, "remove-points", **ADA, pointsToRemove="1", reason="x")
    assert (answer.status_code, answer.content) == (404, b"This shop does not use Encore.")
