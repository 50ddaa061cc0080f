"""The last of a reward: a limit in total or per period lets exactly as many through as it says."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from loyalty.ledger.models import Entry
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import (
    begin,
    fail,
    follow_up,
    issue,
    issue_free,
    refund_redemption,
    switch_reward,
)
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    made = AShop.new()
    with made.scope():
        yield made
        made.assert_sound()


def buying(member, reward, now=NOW):
    return partial(begin, member=member, reward_id=reward.public_id, now=now, source="rest")


class TestALimitInTotal:
    def test_lets_one_of_many_members_have_the_last(self, shop):
        members = [shop.member(7001 + number, points=100) for number in range(8)]
        for _ in range(3):
            reward = shop.reward(10, total_limit=1)
            results = race(shop, [buying(member, reward) for member in members])
            assert outcomes(results) == {"done": 1, "LimitReached": 7}
        assert sum(shop.balances(member).held for member in members) == 30

    def test_hangs_nobody_beside_purchases_that_end_and_a_reward_that_is_switched(self, shop):
        members = [shop.member(7001 + number, points=1000) for number in range(4)]
        first, second = shop.reward(10, total_limit=100), shop.reward(10, total_limit=100)
        held = [buying(member, first)()[0] for member in members]
        calls = [buying(member, reward) for member in members for reward in (first, second)]
        calls += [partial(fail, redemption_id=each.pk, reason="down", now=NOW) for each in held]
        calls += [partial(switch_reward, public_id=each.public_id, on=True, now=NOW) for each in (first, second)]
        assert outcomes(race(shop, calls)) == {"done": len(calls)}
        assert Redemption.objects.exclude(state="failed").count() == 8


class TestALimitPerPeriod:
    def test_lets_one_of_two_purchases_of_a_member_through(self, shop):
        ada, reward = shop.member(7001, points=1000), shop.reward(10, period_limit=1, limit_period="day")
        assert outcomes(race(shop, [buying(ada, reward)] * 4)) == {"done": 1, "LimitReached": 3}
        assert outcomes(race(shop, [buying(ada, reward, NOW + timedelta(days=1))] * 4)) == {
            "done": 1,
            "LimitReached": 3,
        }


class TestTakingBack:
    def test_by_several_at_once_returns_the_points_once(self, installed_shop, sandbox):
        shop, now = AShop(installed_shop.program), timezone.now()
        with shop.scope():
            ada = shop.member(CUSTOMER["id"], points=100, now=now)
            bought, _ = buying(ada, shop.reward(100), now)()
            issue(redemption_id=bought.pk, now=now)
            race(shop, [partial(refund_redemption, redemption_id=bought.pk, now=now)] * 4)
            follow_up(redemption_id=bought.pk, now=now + timedelta(hours=1))
            assert Redemption.objects.get().is_refunded
            assert (shop.balances(ada, now).available, Entry.objects.filter(kind="return").count()) == (100, 1)
            shop.assert_sound()


class TestStoreCredit:
    def test_worked_by_several_at_once_is_given_once(self, installed_shop, sandbox):
        shop, now = AShop(installed_shop.program), timezone.now()
        with shop.scope():
            ada = shop.member(CUSTOMER["id"], points=100, now=now)
            bought, _ = buying(ada, shop.reward(100, discount_type="store_credit"), now)()
            race(shop, [partial(issue, redemption_id=bought.pk, now=now)] * 4)
            assert Redemption.objects.get().state == "used"
            assert [each["balance"] for each in sandbox.store(installed_shop.domain)["store_credit"]["accounts"]] == [
                "5"
            ]
            shop.assert_sound()


class TestAFreeReward:
    def test_given_by_several_at_once_is_given_once(self, shop):
        ada, reward = shop.member(7001), shop.reward(100)
        given = partial(issue_free, member=ada, reward_id=reward.public_id, occurrence="tier:5", source="tier", now=NOW)
        results = race(shop, [given] * 6)
        assert len({redemption.pk for redemption, _ in results}) == 1
        assert sorted(replayed for _, replayed in results) == [False] + [True] * 5
        assert Redemption.objects.count() == 1

    def test_worked_by_several_at_once_has_one_code(self, installed_shop, sandbox):
        shop, now = AShop(installed_shop.program), timezone.now()
        with shop.scope():
            ada, reward = shop.member(CUSTOMER["id"], now=now), shop.reward(100)
            given, _ = issue_free(member=ada, reward_id=reward.public_id, occurrence="tier:5", source="tier", now=now)
            race(shop, [partial(follow_up, redemption_id=given.pk, now=now)] * 4)
            assert Redemption.objects.get().state == "active"
            assert len(sandbox.store(installed_shop.domain)["discounts"]) == 1
            assert shop.kinds() == ["reward.issued"]
