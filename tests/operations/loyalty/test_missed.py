"""What members miss while only test customers earn: kept once, awarded once, however it is told and asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import Award
from loyalty.earning.operations import (
    award_skipped,
    celebrate,
    enrol,
    forget_customer,
    set_excluded,
    switch_rule,
)
from loyalty.earning.operations.merging import merge_customers
from loyalty.members.operations import update_profile
from loyalty.members.ports import Customer
from loyalty.orders.models import Order
from loyalty.programs.models import ScheduledRun
from loyalty.skips.models import Skip
from loyalty.test_mode.operations import discard_missed
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import requalify
from tests.a_shop import NOW
from tests.operations.loyalty.orders import ORDER, heard, order, refund
from tests.operations.loyalty.test_tiers import order as bought

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def bob(shop):
    """A member who is not listed."""
    shop.test_mode("restrict", shop.member(7001, email="ada@example.com"))
    return shop.member(7002, email="bob@example.com")


def skips():
    return list(Skip.objects.order_by("pk").values_list("name", "points", "state"))


def missed(shop, **more):
    """A call for Bob that earns nothing."""
    result = shop.award(customer=7002, **more)
    assert (result.status, result.skip_reason) == ("skipped", "test_mode")
    return result


def awarded(shop, now=NOW + DAY):
    """What is awarded once the mode is off."""
    shop.test_mode("off")
    shop.award_missed(now)
    return sorted(Award.objects.exclude(status="rejected").values_list("action", "points"))


class TestACall:
    def test_is_kept_and_awarded_once(self, shop, bob):
        shop.action()
        missed(shop)
        assert skips() == [("app_install", 100, "waiting")]
        assert awarded(shop) == [("custom", 100)]
        assert awarded(shop) == [("custom", 100)]
        assert (skips(), shop.balances(bob).available) == ([("app_install", 100, "given")], 100)

    def test_without_a_key_is_kept_each_time(self, shop, bob):
        shop.action()
        missed(shop), missed(shop)
        assert awarded(shop) == [("custom", 100), ("custom", 100)]

    def test_under_one_key_is_kept_once_and_awarded_once_whoever_comes_first(self, shop, bob):
        shop.action()
        missed(shop, key="k1"), missed(shop, key="k1"), missed(shop, key="k2")
        shop.test_mode("off")
        assert shop.award("k1", customer=7002).points == 100  # the caller repeats one
        shop.award_missed()
        assert Award.objects.count() == 2
        assert shop.award("k2", customer=7002).replayed
        assert Skip.objects.filter(sentence="A repeated call had awarded it").count() == 1

    def test_of_a_rule_that_is_once_per_customer_is_kept_once(self, shop, bob):
        shop.action(frequency="once")
        missed(shop, key="k1"), missed(shop, key="k2")
        assert awarded(shop) == [("custom", 100)]

    def test_that_would_have_been_refused_is_not_kept(self, shop, bob):
        shop.test_mode("off")
        shop.action(frequency="once")
        shop.award(customer=7002)
        shop.test_mode("restrict", shop.member(7001))
        missed(shop)
        assert skips() == []

    def test_that_earns_nothing_is_not_kept(self, shop, bob):
        shop.action(points=0)
        missed(shop)
        assert skips() == []

    def test_of_staff_trying_out_is_not_kept(self, shop, bob):
        shop.action()
        missed(shop, source="staff")
        assert skips() == []

    def test_of_a_listed_member_is_awarded_at_once(self, shop, bob):
        shop.action()
        assert shop.award(customer=7001).points == 100
        assert skips() == []

    def test_is_within_its_limit_as_it_was_when_it_happened(self, shop, bob):
        shop.action(limit=Limit(1, Window.DAY))
        for day in range(3):
            missed(shop, now=NOW + day * DAY), missed(shop, now=NOW + day * DAY)
        assert awarded(shop, NOW + 9 * DAY) == [("custom", 100)] * 3

    def test_keeps_what_was_told_with_it(self, shop, bob):
        shop.action(approval_days=2)
        missed(shop, key="k1", metadata={"device": "ios"})
        awarded(shop)
        made = Award.objects.get()
        assert (made.metadata, made.status, made.due_at) == ({"device": "ios"}, "pending", NOW + 3 * DAY)


class TestWhatHappensByItself:
    def test_an_order_is_awarded_for_what_is_left_of_it(self, shop, bob):
        shop.rule("place_order", 1, frequency="unlimited")
        for _ in range(2):
            heard(shop, order(customer=7002))
        assert skips() == [("place_order", 100, "waiting")]
        heard(shop, refund("r1", 3000))
        awarded(shop)
        assert shop.balances(bob).available == 70
        heard(shop, refund("r2", 7000))
        assert (shop.balances(bob).available, Award.objects.count()) == (0, 1)

    def test_an_order_that_is_undone_meanwhile_is_not_awarded(self, shop, bob):
        shop.rule("place_order", 1, frequency="unlimited")
        heard(shop, order(customer=7002))
        heard(shop, order(ORDER + 1, customer=7002))
        heard(shop, refund("r1", 10000))
        Order.objects.filter(shopify_order_id=ORDER + 1).update(cancelled_at=NOW)
        assert awarded(shop) == []
        assert {state for _, _, state in skips()} == {"nothing"}

    def test_an_order_heard_of_again_afterwards_is_awarded_once(self, shop, bob):
        shop.rule("place_order", 1, frequency="unlimited")
        heard(shop, order(customer=7002))
        awarded(shop)
        heard(shop, order(customer=7002, shopify_updated_at=NOW + DAY))
        assert shop.balances(bob).available == 100

    def test_a_birthday_is_awarded(self, shop, bob):
        shop.rule("birthday", 200, now=LONG_AGO)
        update_profile(member_id=bob.pk, date_of_birth=date(1990, 6, 15), now=NOW)
        day = datetime(2026, 6, 15, 12, tzinfo=UTC)
        assert celebrate(program=shop.program, now=day)["birthdays"] == 0
        assert celebrate(program=shop.program, now=day + DAY)["birthdays"] == 0
        assert awarded(shop, day + 30 * DAY) == [("birthday", 200)]
        assert celebrate(program=shop.program, now=day + DAY)["birthdays"] == 0

    def test_a_sign_up_is_awarded(self, shop, bob):
        shop.rule("signup", 50, now=LONG_AGO)
        customer = Customer(7003, "eve@example.com", "Eve", None, NOW)
        eve, _ = enrol(program=shop.program, customer=customer, now=NOW, source="test")
        assert awarded(shop) == [("signup", 50)]
        assert shop.balances(eve).available == 50

    def test_a_milestone_is_awarded_once(self, shop, bob):
        shop.rule("order_milestone", 300, now=NOW - DAY, options={"orders": 1})
        heard(shop, order(customer=7002)), heard(shop, order(ORDER + 1, customer=7002))
        assert awarded(shop) == [("order_milestone", 300)]
        heard(shop, order(ORDER + 2, customer=7002))
        assert awarded(shop) == [("order_milestone", 300)]

    def test_a_tier_that_was_reached_gives_its_points_once(self, shop, bob):
        shop.set(tier_entry="spend")
        shop.tier("Base", 0)
        requalify(member_id=bob.pk, now=NOW)
        gold = shop.tier("Gold", 100)
        Tier.objects.filter(pk=gold.pk).update(entry_points=40)
        bought(shop, bob, 200_00)
        requalify(member_id=bob.pk, now=NOW), requalify(member_id=bob.pk, now=NOW)
        assert skips() == [("Welcome to Gold", 40, "waiting")]
        awarded(shop), awarded(shop)
        assert (shop.balances(bob).available, skips()[0][2]) == (40, "given")


class TestWhatCannotBeAwardedNow:
    def told(self):
        return Skip.objects.values_list("state", "sentence").get()

    def test_waits_while_the_mode_is_on(self, shop, bob):
        shop.action()
        missed(shop)
        shop.award_missed()
        assert self.told()[0] == "waiting"
        assert "Test mode is still on" in self.told()[1]
        assert awarded(shop) == [("custom", 100)]

    def test_waits_while_the_rule_is_off(self, shop, bob):
        rule = shop.action()
        missed(shop)
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        assert awarded(shop) == []
        assert self.told() == ("waiting", f"Earning rule '{rule.public_id}' not found")
        switch_rule(public_id=rule.public_id, on=True, now=NOW)
        assert awarded(shop) == [("custom", 100)]

    def test_waits_while_the_member_takes_no_part_and_stops_no_other(self, shop, bob):
        shop.action()
        shop.member(7003)
        missed(shop)
        shop.award(customer=7003)
        set_excluded(member_id=bob.pk, excluded=True, now=NOW)
        assert awarded(shop) == [("custom", 100)]
        assert [state for _, _, state in skips()] == ["waiting", "given"]
        run = ScheduledRun.objects.get(name="award_missed")
        assert run.counts == {"looked_at": 2, "awarded": 1}

    def test_is_awarded_never_once_it_is_discarded(self, shop, bob):
        shop.action()
        missed(shop)
        assert (discard_missed(now=NOW), discard_missed(now=NOW)) == (1, 0)
        with shop.nothing_changes():
            assert not award_skipped(skip_id=Skip.objects.get().pk, now=NOW)
        assert (awarded(shop), skips()) == ([], [("app_install", 100, "discarded")])


class TestAMember:
    def test_who_is_merged_away_gets_theirs_as_the_survivor(self, shop, bob):
        eve = shop.member(7003)
        shop.action(), shop.action("once_only", frequency="once")
        missed(shop), missed(shop, action="once_only")
        shop.award(customer=7003, action="once_only")
        merge_customers(program=shop.program, gone=7002, kept=7003, now=NOW)
        assert awarded(shop) == [("custom", 100), ("custom", 100)]
        assert shop.balances(eve).available == 200

    def test_who_is_forgotten_leaves_no_words_and_gets_nothing(self, shop, bob):
        shop.action()
        missed(shop, key="bob@example.com", metadata={"who": "Bob"})
        forget_customer(program=shop.program, shopify_customer_id=7002, now=NOW)
        assert Skip.objects.values_list("facts", "state", "identity").get() == ({}, "discarded", None)
        assert awarded(shop) == []
