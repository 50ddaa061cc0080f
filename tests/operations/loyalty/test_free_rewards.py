"""Rewards given for nothing: once per member and occurrence, without points, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.earning.operations import set_excluded
from loyalty.earning.operations.merging import merge_customers
from loyalty.errors import InvalidField, ProgramDisabled
from loyalty.ledger.models import Hold
from loyalty.members.errors import CustomerExcluded, NoTestCustomer
from loyalty.outbox.models import Event
from loyalty.rewards import queries
from loyalty.rewards.errors import LimitReached, NotFailed, RewardNotFound
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import (
    Choice,
    RewardTerms,
    begin,
    change_reward,
    delete_reward,
    fail,
    finish,
    give_again,
    issue_free,
    switch_reward,
)
from loyalty.rewards.operations.merging import take_over_purchases
from tests.a_shop import NOW


@pytest.fixture
def ada(shop):
    return shop.member(7001)


def give(member, reward, occurrence="tier:5", now=NOW, **more):
    return issue_free(member=member, reward_id=reward.public_id, occurrence=occurrence, source="tier", now=now, **more)[
        0
    ]


class TestAFreeReward:
    def test_waits_for_its_code_and_takes_no_points(self, shop, ada):
        given = give(ada, shop.reward(500, expiry_days=30))
        assert (given.state, given.follow_up, given.points_spent, given.hold_id) == ("holding", "issue", 0, None)
        assert (given.code[:4], given.expires_at) == ("TEA-", (NOW + timedelta(days=30)).replace(hour=0))
        assert (shop.balances(ada).held, Hold.objects.count(), shop.kinds()) == (0, 0, [])
        assert queries.to_follow_up(now=NOW) == [given.pk]
        assert list(queries.redemptions_of(member_id=ada.pk)) == []  # nothing is shown before there is a code

    def test_is_told_with_its_code_once_it_is_there_and_listed_as_costing_nothing(self, shop, ada):
        given = finish(redemption_id=give(ada, shop.reward(500)).pk, discount_gid="gid://x/1", now=NOW)
        assert (given.state, given.entry_id, given.follow_up, given.next_follow_up_at) == ("active", None, "", None)
        told = Event.objects.get(kind="reward.issued")
        assert {name: told.payload[name] for name in ("points", "source", "reward_name", "discount_code")} == {
            "points": 0, "source": "tier", "reward_name": "$5 off", "discount_code": given.code,
        }  # fmt: skip
        assert [row.points_spent for row in queries.redemptions_of(member_id=ada.pk)] == [0]
        with shop.nothing_changes():
            finish(redemption_id=given.pk, discount_gid="gid://x/1", now=NOW)

    def test_is_given_once_per_occurrence_whatever_became_of_the_first(self, shop, ada):
        reward, other = shop.reward(), shop.reward()
        first = give(ada, reward)
        fail(redemption_id=first.pk, reason="refused", now=NOW)
        switch_reward(public_id=reward.public_id, on=False, now=NOW)
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            for wanted in (reward, other):
                assert issue_free(
                    member=ada, reward_id=wanted.public_id, occurrence="tier:5", source="tier", now=NOW
                ) == (first, True)

    def test_is_given_for_another_occurrence_and_to_another_member(self, shop, ada):
        reward = shop.reward()
        given = [give(ada, reward), give(ada, reward, "tier:6"), give(shop.member(7002), reward)]
        assert len({each.code for each in given}) == 3

    def test_asks_neither_tier_nor_limits_and_does_not_count_towards_them(self, shop, ada):
        gold = shop.tier("Gold", 1000)
        for limits in ({"max_redemptions": 1}, {"total_limit": 1}, {"period_limit": 1, "limit_period": "day"}):
            reward = shop.reward(10, **limits)
            for number in range(2):
                give(ada, reward, f"{limits}{number}"[:200])
            shop.give(ada, 20)
            begin(member=ada, reward_id=reward.public_id, now=NOW, source="rest")
            with shop.nothing_changes(), pytest.raises(LimitReached):
                begin(member=ada, reward_id=reward.public_id, now=NOW, source="rest")
        assert give(ada, shop.reward(10, tier=gold), "gold").state == "holding"

    def test_of_a_flexible_reward_is_worth_the_fewest_points_or_as_many_as_the_giver_says(self, shop, ada):
        flexible = {"redemption_type": "flexible", "amount_per_point": Decimal("0.01"), "max_points": 500}
        reward = shop.reward(100, discount_amount=None, **flexible)
        worth = [give(ada, reward, "least"), give(ada, reward, "more", choice=Choice(points=300))]
        assert [each.terms["discount_amount"] for each in worth] == ["1.00", "3.00"]

    def test_is_not_given_up_like_a_purchase(self, shop, ada):
        given = give(ada, shop.reward())
        Redemption.objects.filter(pk=given.pk).update(deadline_at=NOW)
        assert queries.overdue(now=NOW + timedelta(days=1)) == []


class TestARefusal:
    def test_of_a_reward_that_is_off_over_or_deleted(self, shop, ada):
        off, gone, over = shop.reward(), shop.reward(), shop.reward(ends_at=NOW)
        switch_reward(public_id=off.public_id, on=False, now=NOW)
        delete_reward(public_id=gone.public_id, now=NOW)
        for reward in (off, gone, over):
            with shop.nothing_changes(), pytest.raises(RewardNotFound):
                give(ada, reward)

    def test_of_who_does_not_take_part(self, shop, ada):
        reward = shop.reward()
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes(), pytest.raises(CustomerExcluded):
            give(ada, reward)
        bea = shop.member(7002)
        shop.set(test_mode="restrict", test_mode_emails=["tester@example.com"])
        with shop.nothing_changes(), pytest.raises(NoTestCustomer):
            give(bea, reward)
        assert give(shop.member(7003, email="tester@example.com"), reward).state == "holding"
        shop.set(is_enabled=False)
        with shop.nothing_changes(), pytest.raises(ProgramDisabled):
            give(bea, reward)

    def test_of_a_choice_that_the_reward_does_not_offer(self, shop, ada):
        reward = shop.reward(100)
        with shop.nothing_changes(), pytest.raises(InvalidField):
            give(ada, reward, choice=Choice(points=99))


class TestOneThatFailed:
    def test_takes_nothing_and_tells_why(self, shop, ada):
        failed = fail(redemption_id=give(ada, shop.reward()).pk, reason="no such product", now=NOW)
        assert (failed.state, failed.failure, failed.follow_up) == ("failed", "no such product", "")
        assert (shop.kinds(), failed.code_needs_removal) == (["redemption.failed"], True)
        assert list(queries.free_in_trouble_of(member_id=ada.pk)) == [failed]

    def test_is_given_again_under_the_terms_of_today_once_its_first_code_is_surely_gone(self, shop, ada):
        reward = shop.reward(expiry_days=10)
        failed = fail(redemption_id=give(ada, reward).pk, reason="no such product", now=NOW)
        with shop.nothing_changes(), pytest.raises(NotFailed):
            give_again(redemption_id=failed.pk, now=NOW)
        Redemption.objects.update(code_needs_removal=False)
        better = RewardTerms(
            name="$7 off", discount_type="fixed_amount", points_cost=100, discount_amount=Decimal(7), expiry_days=20
        )
        change_reward(public_id=reward.public_id, terms=better, now=NOW)
        again = give_again(redemption_id=failed.pk, now=NOW)
        assert (again.state, again.failure, again.terms["discount_amount"]) == ("holding", "", "7.000")
        assert (again.code != failed.code, again.expires_at) == (True, (NOW + timedelta(days=20)).replace(hour=0))
        assert queries.to_follow_up(now=NOW) == [again.pk]

    def test_is_not_given_again_while_its_reward_is_off_or_when_it_was_bought(self, shop, ada):
        reward = shop.reward(10)
        failed = fail(redemption_id=give(ada, reward).pk, reason="no", now=NOW)
        shop.give(ada, 10)
        bought = begin(member=ada, reward_id=reward.public_id, now=NOW, source="rest")[0]
        fail(redemption_id=bought.pk, reason="no", now=NOW)
        Redemption.objects.update(code_needs_removal=False)
        switch_reward(public_id=reward.public_id, on=False, now=NOW)
        for redemption, refusal in ((failed, RewardNotFound), (bought, NotFailed)):
            with shop.nothing_changes(), pytest.raises(refusal):
                give_again(redemption_id=redemption.pk, now=NOW)


class TestMergedMembers:
    def merge(self, shop, gone, kept):
        moved = merge_customers(program=shop.program, gone=gone, kept=kept, now=NOW)
        take_over_purchases(from_member_id=moved[0], into_member_id=moved[1])

    def test_keep_both_rewards_and_are_not_given_a_third(self, shop, ada):
        reward, bea = shop.reward(), shop.member(7002)
        first, second = give(ada, reward), give(bea, reward)
        self.merge(shop, 7001, 7002)
        assert set(Redemption.objects.values_list("member_id", "code")) == {(bea.pk, first.code), (bea.pk, second.code)}
        with shop.nothing_changes():
            assert give(bea, reward).pk == second.pk
            assert give(ada, reward).pk == second.pk  # who asks for the one that is gone gets the survivor's

    def test_are_not_given_again_what_the_one_that_went_had(self, shop, ada):
        reward, bea = shop.reward(), shop.member(7002)
        first = give(ada, reward)
        self.merge(shop, 7001, 7002)
        assert give(bea, reward).pk == first.pk
        assert finish(redemption_id=first.pk, discount_gid="gid://x/1", now=NOW).member_id == bea.pk
