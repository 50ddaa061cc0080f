"""Two customers become one member, and nothing is lost or granted twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from loyalty.earning.errors import AlreadyAwarded
from loyalty.earning.models import Award
from loyalty.earning.operations.merging import merge_customers
from loyalty.errors import IdempotencyKeyReused
from loyalty.ledger.errors import AccountBusy
from loyalty.ledger.models import Entry, Lot
from loyalty.members.models import Member
from loyalty.members.operations import update_profile
from loyalty.members.queries import member as find
from loyalty.orders.models import Order
from loyalty.rewards.operations import begin, finish
from tests.a_shop import NOW
from tests.operations.loyalty.orders import ORDER, heard, order, refund

pytestmark = pytest.mark.django_db


def merge(shop, gone=7001, kept=7002):
    return merge_customers(program=shop.program, gone=gone, kept=kept, now=NOW)


class TestTwoMembers:
    def test_become_one_with_all_points_in_lots_of_their_age(self, shop):
        one, two = shop.member(7001, points=100), shop.member(7002)
        shop.give(two, 50, expires_at=NOW + timedelta(days=9))
        for _ in range(2):
            merge(shop)
        assert (shop.balances(one).available, shop.balances(two).available) == (0, 150)
        assert shop.balances(two).lifetime == 150
        assert sorted(Lot.objects.filter(remaining__gt=0).values_list("remaining", flat=True)) == [50, 100]
        assert Entry.objects.filter(kind="merge").count() == 2

    def test_are_found_by_either_id(self, shop):
        shop.member(7001), shop.member(7002)
        merge(shop)
        assert find(identifier="7001").shopify_customer_id == 7002
        shop.action(now=NOW)
        shop.award(customer=7001)
        assert shop.balances(find(identifier="7002")).available == 100

    def test_are_not_granted_again_what_one_of_them_had(self, shop):
        shop.action(frequency="once")
        shop.member(7001), shop.member(7002)
        shop.award(customer=7001)
        merge(shop)
        with shop.nothing_changes(), pytest.raises(AlreadyAwarded):
            shop.award(customer=7002)

    def test_keep_what_both_had_once(self, shop):
        shop.action(frequency="once")
        shop.member(7001), shop.member(7002)
        shop.award(customer=7001), shop.award(customer=7002)
        merge(shop)
        assert shop.balances(find(identifier="7002")).available == 200
        assert Award.objects.filter(member__shopify_customer_id=7002).count() == 2
        with shop.nothing_changes(), pytest.raises(AlreadyAwarded):
            shop.award(customer=7002)

    @pytest.mark.parametrize("stated", [None, 70])
    def test_are_answered_alike_when_a_call_from_before_is_repeated(self, shop, stated):
        shop.action(options={"caller_sets_points": True})
        shop.member(7001), shop.member(7002)
        first = shop.award("k1", customer=7001, stated_points=stated)
        merge(shop)
        with shop.nothing_changes():
            again = [shop.award("k1", customer=who, stated_points=stated) for who in (7001, 7002)]
        assert {(each.public_id, each.replayed) for each in again} == {(first.public_id, True)}
        with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
            shop.award("k1", customer=7001, stated_points=71)

    def test_have_all_orders_and_a_refund_finds_its_award(self, shop):
        shop.rule("place_order", 5, now=NOW - timedelta(days=9), frequency="unlimited")
        shop.member(7001), shop.member(7002)
        heard(shop, order(), order(ORDER + 1, 2000, customer=7002))
        merge(shop)
        survivor = find(identifier="7002")
        assert set(Order.objects.values_list("member", "shopify_customer_id")) == {(survivor.pk, 7002)}
        heard(shop, refund("r1", 2000), refund("r2", 2000, ORDER + 1))
        assert shop.balances(survivor).available == 400

    def test_stand_on_the_tier_of_their_points_together(self, shop):
        shop.tier("Base", 0), shop.tier("Gold", 150)
        shop.member(7001, points=100), shop.member(7002, points=60)
        merge(shop)
        assert find(identifier="7002").tier_membership.tier.name == "Gold"

    def test_stand_on_the_tier_of_what_they_spent_together(self, shop):
        shop.set(tier_entry="spend")
        shop.tier("Base", 0), shop.tier("Gold", 150)
        shop.member(7001), shop.member(7002)
        heard(shop, order(total=90_00), order(ORDER + 1, 70_00, customer=7002))
        merge(shop)
        assert find(identifier="7002").tier_membership.tier.name == "Gold"

    def test_give_back_for_a_refund_what_the_one_that_went_had_spent(self, shop):
        shop.rule("place_order", 1, now=NOW - timedelta(days=9), frequency="unlimited")
        one, two = shop.member(7001), shop.member(7002, points=70)
        heard(shop, order(total=100_00))
        bought, _ = begin(member=one, reward_id=shop.reward(100).public_id, now=NOW, source="test")
        finish(redemption_id=bought.pk, discount_gid="gid://x/1", now=NOW)
        merge(shop)
        heard(shop, refund("r1", 50_00))
        stands = shop.balances(two)
        assert (stands.available, stands.lifetime, stands.redeemed) == (20, 120, 100)
        shop.set(refund_policy="debt")
        heard(shop, refund("r2", 50_00))
        stands = shop.balances(two)
        assert (stands.available, stands.debt, stands.lifetime) == (0, 30, 70)

    def test_keep_the_birthday_that_one_of_them_told(self, shop):
        one, _ = shop.member(7001), shop.member(7002)
        update_profile(member_id=one.pk, date_of_birth=date(1990, 6, 15), now=NOW)
        merge(shop)
        found = find(identifier="7002")
        assert (found.date_of_birth, found.birthday_saved_at) == (date(1990, 6, 15), NOW)

    def test_wait_while_the_one_that_goes_is_buying(self, shop):
        one, _ = shop.member(7001, points=100), shop.member(7002)
        begin(member=one, reward_id=shop.reward(100).public_id, now=NOW, source="test")
        with shop.nothing_changes(), pytest.raises(AccountBusy):
            merge(shop)
        assert Member.objects.filter(merged_into__isnull=False).count() == 0

    def test_of_whom_one_was_merged_before_are_still_one(self, shop):
        shop.member(7001, points=10), shop.member(7002, points=20), shop.member(7003, points=30)
        merge(shop, 7001, 7002), merge(shop, 7002, 7003)
        assert shop.balances(find(identifier="7001")).available == 60
        assert find(identifier="7001").shopify_customer_id == 7003


class TestOneMember:
    def test_who_stays_gets_the_orders_of_the_guest(self, shop):
        shop.rule("place_order", 5, now=NOW - timedelta(days=9), frequency="unlimited")
        member = shop.member(7002)
        heard(shop, order(customer=7001))
        merge(shop)
        assert shop.balances(member).available == 500

    def test_who_goes_lives_on_under_the_id_that_was_kept(self, shop):
        member = shop.member(7001, points=100)
        for _ in range(2):
            merge(shop)
        assert [find(identifier=each).pk for each in ("7001", "7002")] == [member.pk] * 2
        assert shop.balances(member).available == 100


class TestNobody:
    def test_is_made_a_member(self, shop):
        heard(shop, order(customer=7001))
        assert merge(shop) is None
        assert (Member.objects.count(), Order.objects.get().shopify_customer_id) == (0, 7002)
