"""A friend's first order: it rewards the advocate once, when it can no longer be returned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import set_excluded
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import expire_some, forget_strangers
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import delete_reward, follow_up
from tests.a_night import Night
from tests.journeys.referring import ADVOCATE, ReferringShop, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(referring: ReferringShop) -> ReferringShop:
    return referring


@pytest.fixture
def ada(shop) -> Member:
    shop.referral_rule()
    return shop.advocate()


class TestTheFirstOrder:
    def test_with_the_code_rewards_the_advocate_once_it_can_not_be_returned(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        made = shop.claimed(ada)
        shop.orders(discount_codes=[{"code": made.code, "amount": "10.00", "type": "percentage"}])
        assert (states(), shop.points(ada)) == ([("friend_converted", "")], 0)
        shop.work(shop.later(13))
        assert shop.points(ada) == 0
        shop.work(shop.later(15))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)
        award = Award.objects.get(source="referral")
        assert (award.status, award.member, award.action) == ("approved", ada, "referral")

    def test_under_the_same_address_counts_without_the_code(self, shop, ada):
        shop.claimed(ada)
        shop.orders(customer=None)
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)

    def test_whose_webhook_was_missed_counts_once_the_night_has_found_it(self, shop, ada):
        shop.claimed(ada)
        at = (timezone.now() + timedelta(minutes=1)).isoformat()
        placed = {"email": "bo@example.com", "total": "60.00", "paid": True, "created_at": at}
        shop.sandbox.call("POST", f"stores/{shop.domain}/orders", placed)
        assert states() == [("pending", "")]
        Night(shop, shop.sandbox).passes()
        shop.work(shop.later(1))  # the night is as long as the shop takes over the query
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)

    def test_told_again_however_often_rewards_once(self, shop, ada):
        made = shop.claimed(ada)
        for _ in range(3):
            shop.orders(discount_codes=[{"code": made.code}])
            shop.work()
        assert (shop.points(ada), Award.objects.count()) == (500, 1)
        kinds = list(Event.objects.filter(kind__startswith="referral.").values_list("kind", flat=True))
        assert sorted(kinds) == ["referral.claimed", "referral.completed", "referral.converted"]

    def test_a_second_order_brings_nothing_more(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        shop.orders(number=5_500_000_000_002)
        assert shop.points(ada) == 500

    def test_that_is_not_paid_does_not_count_yet(self, shop, ada):
        shop.claimed(ada)
        shop.orders(financial_status="pending")
        assert states() == [("pending", "")]
        shop.orders(updated_at=(timezone.now() + timedelta(minutes=5)).isoformat())
        assert states() == [("completed", "")]

    def test_placed_before_the_invitation_was_accepted_is_not_of_it(self, shop, ada):
        shop.claimed(ada)
        early = (timezone.now() - timedelta(days=1)).isoformat()
        shop.orders(processed_at=early)
        assert states() == [("pending", "")]

    def test_of_somebody_who_had_ordered_before_ends_it(self, shop, ada):
        made = shop.claimed(ada)
        early = (timezone.now() - timedelta(days=1)).isoformat()
        shop.orders(number=5_500_000_000_002, processed_at=early, customer=7050, email="old@example.com")
        shop.orders(customer=7050, email="old@example.com", discount_codes=[{"code": made.code}])
        assert (states(), shop.points(ada)) == ([("ended", "not_new")], 0)

    def test_of_the_advocate_ends_it(self, shop, ada):
        made = shop.claimed(ada)
        shop.orders(customer=ADVOCATE, email="ada@example.com", discount_codes=[{"code": made.code}])
        assert (states(), shop.points(ada)) == ([("ended", "same_person")], 0)

    def test_is_judged_once_shopify_is_back(self, shop, ada, sandbox):
        shop.claimed(ada)
        sandbox.faults(shop.domain, down=True)
        shop.orders()
        assert states() == [("pending", "")]
        sandbox.faults(shop.domain, down=False)
        shop.work(timezone.now() + timedelta(minutes=12))
        assert states() == [("completed", "")]

    def test_cancelled_before_the_reward_ends_it_for_good(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        shop.claimed(ada)
        shop.orders()
        gone = (timezone.now() + timedelta(minutes=9)).isoformat()
        shop.orders(cancelled_at=gone, updated_at=gone)
        shop.work(shop.later(30))
        assert (states(), shop.points(ada)) == ([("ended", "order_undone")], 0)

    def test_given_back_in_part_after_the_reward_takes_that_part_of_it(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        shop.refunded("33.33")
        assert (states(), shop.points(ada)) == ([("completed", "")], 500 - 166)  # floor(33.33 ÷ 100 × 500)
        shop.refunded("66.67")
        assert (states(), shop.points(ada)) == ([("ended", "order_undone")], 0)

    def test_given_back_in_part_before_the_reward_makes_it_smaller(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        shop.claimed(ada)
        shop.orders()
        shop.refunded("20.00")
        shop.work(shop.later(15))
        assert (states(), shop.points(ada)) == ([("completed", "")], 400)

    def test_after_the_time_ran_out_does_not_count(self, shop, ada):
        made = shop.claimed(ada)
        assert expire_some(now=made.expires_at - timedelta(seconds=1)) == 0
        assert expire_some(now=made.expires_at) == 1
        late = (made.expires_at + timedelta(minutes=1)).isoformat()
        shop.orders(processed_at=late, updated_at=late, discount_codes=[{"code": made.code}])
        assert states() == [("expired", "")]
        assert shop.claims(ada).status_code == 200  # and may be accepted again
        assert states() == [("expired", ""), ("pending", "")]

    def test_that_never_came_leaves_no_address_after_a_while(self, shop, ada):
        made = shop.claimed(ada)
        expire_some(now=made.expires_at)
        assert forget_strangers(now=made.expires_at + timedelta(days=90)) == 0
        assert Referral.objects.get().friend_email == "bo@example.com"
        assert forget_strangers(now=made.expires_at + timedelta(days=90, seconds=1)) == 1
        kept = Referral.objects.get()
        assert (kept.friend_email, kept.friend_key) == (None, made.friend_key)

    def test_that_came_keeps_the_address(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        shop.work(shop.later(15))
        assert states() == [("completed", "")]
        assert forget_strangers(now=shop.later(400)) == 0

    def test_that_was_in_time_counts_though_word_of_it_came_late(self, shop, ada):
        made = shop.claimed(ada)
        expire_some(now=made.expires_at)
        shop.orders(discount_codes=[{"code": made.code}])
        assert states() == [("completed", "")]


class TestAnAdvocateWhoTakesNoPart:
    def test_has_the_reward_once_they_do_again(self, shop, ada):
        shop.claimed(ada)
        set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        shop.orders()
        assert states() == [("friend_converted", "")]
        set_excluded(member_id=ada.pk, excluded=False, now=timezone.now())
        shop.work(shop.later(2))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)


class TestAnAdvocateWhoGetsAReward:
    @pytest.fixture
    def rewarded(self, shop):
        prize = shop.reward(300, name="A free tin")
        shop.referral_rule(options={"advocate_gets": "reward", "advocate_reward": prize.public_id})
        ada = shop.advocate()
        shop.claimed(ada)
        shop.orders()
        return ada

    def given(self, shop) -> Redemption:
        found = Redemption.objects.get()
        follow_up(redemption_id=found.pk, now=shop.later(1))
        found.refresh_from_db()
        return found

    def test_has_its_code_and_pays_nothing(self, shop, rewarded):
        given = self.given(shop)
        assert (states(), given.member, given.state, given.points_spent) == ([("completed", "")], rewarded, "active", 0)
        assert shop.codes()[given.code]["customer_ids"] == [str(ADVOCATE)]

    def test_loses_it_when_the_order_is_given_back_unless_it_was_used(self, shop, rewarded):
        given = self.given(shop)
        shop.refunded("100.00")
        follow_up(redemption_id=given.pk, now=shop.later(2))
        assert states() == [("ended", "order_undone")]
        assert given.code not in shop.codes()

    def test_waits_for_a_decision_when_the_reward_is_gone(self, shop):
        prize = shop.reward(300)
        shop.referral_rule(options={"advocate_gets": "reward", "advocate_reward": prize.public_id})
        ada = shop.advocate()
        shop.claimed(ada)
        delete_reward(public_id=prize.public_id, now=timezone.now())
        shop.orders()
        assert Referral.objects.get().held_for == ["not_given"]
