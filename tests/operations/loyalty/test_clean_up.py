"""A test is taken back: by entries, and afterwards everything is what it would have been without it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points, celebrate, reject, settle
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry
from loyalty.ledger.queries import account_id_of
from loyalty.members.operations import update_profile
from loyalty.outbox.models import Event
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, fail, finish
from loyalty.test_mode.queries import Remains, remains
from loyalty.tiers.models import StandingBeforeTest, Tier, TierEntryGrant, TierMembership
from loyalty.tiers.operations import assign, requalify
from loyalty.tiers.queries import figure_of, tier_of
from tests.a_shop import NOW
from tests.operations.loyalty.orders import heard, order, refund

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ada(shop):
    return shop.member(7001, email="ada@example.com")


class TestTheHistory:
    @pytest.fixture(autouse=True)
    def shadow(self, shop, ada):
        shop.test_mode("shadow", ada)

    def test_keeps_every_line_as_a_rejected_one(self, shop, ada):
        shop.action()
        shop.award(), shop.award()
        adjust_points(member=ada, points=-30, source="staff", now=NOW, note="Why not")
        run = shop.clean_up()
        assert list(Award.objects.values_list("status", "is_test")) == [("rejected", True)] * 3
        assert Award.objects.get(is_manual=True).note == "Why not"
        wanted = {"members": 1, "awards": 3, "taken": 170, "rewards": 0, "codes": 0, "written_off": 0, "returned": 0}
        assert run.counts == wanted

    def test_frees_what_can_be_had_once_only(self, shop, ada):
        shop.action(frequency="once")
        shop.rule("birthday", 200, now=datetime(2020, 1, 1, tzinfo=UTC))
        update_profile(member_id=ada.pk, date_of_birth=date(1990, 6, 15), now=NOW)
        day = datetime(2026, 6, 15, 12, tzinfo=UTC)
        shop.award(), celebrate(program=shop.program, now=day)
        shop.test_mode("off")
        shop.clean_up()
        assert shop.award().points == 100
        assert celebrate(program=shop.program, now=day + DAY)["birthdays"] == 1
        assert sorted(Award.objects.exclude(status="rejected").values_list("points", "is_test")) == [
            (100, False), (200, False),
        ]  # fmt: skip

    def test_lets_a_tests_order_earn_nothing_more(self, shop, ada):
        shop.rule("place_order", 1, frequency="unlimited")
        placed = heard(shop, order())
        shop.test_mode("off")
        shop.clean_up()
        settle(order_id=placed.pk, now=NOW)
        heard(shop, refund("r1", 5000))
        assert (shop.balances(ada).available, Award.objects.count()) == (0, 1)
        assert Entry.objects.filter(kind="reversal").count() == 0

    def test_says_what_there_is_before(self, shop, ada):
        assert remains().is_nothing
        shop.action()
        shop.award()
        bought, _ = begin(member=ada, reward_id=shop.reward(60).public_id, now=NOW, source="rest")
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
        assert remains() == Remains(members=1, awards=1, points=100, rewards=1, codes=1, used=0, spent=60)


class TestAPlaceOnTheLadder:
    @pytest.fixture(autouse=True)
    def ladder(self, shop):
        self.base, self.silver = shop.tier("Base", 0), shop.tier("Silver", 100)
        self.gold = shop.tier("Gold", 500)
        Tier.objects.filter(pk=self.gold.pk).update(entry_points=40)

    def test_is_what_it_was(self, shop):
        ada = shop.member(points=150)
        requalify(member_id=ada.pk, now=NOW)
        shop.test_mode("shadow", ada)
        shop.action(points=400)
        shop.award()
        assert tier_of(member_id=ada.pk) == self.gold
        shop.clean_up()
        assert (tier_of(member_id=ada.pk), shop.balances(ada).available) == (self.silver, 150)
        assert list(Event.objects.filter(kind="tier.changed").values_list("is_test", flat=True))[1:] == [True, True]

    @pytest.mark.parametrize("period", ["calendar_year", "rolling_year"])
    def test_is_what_it_was_though_nobody_falls_within_the_year(self, shop, period):
        shop.set(tier_period=period, tier_grace_days=30)
        ada = shop.member(points=150)
        requalify(member_id=ada.pk, now=NOW)
        before = TierMembership.objects.values().get()
        shop.test_mode("shadow", ada)
        shop.give(ada, 400)
        adjust_points(member=ada, points=-10, source="staff", now=NOW)
        assert tier_of(member_id=ada.pk) == self.gold
        shop.clean_up()
        assert TierMembership.objects.values().get() == before
        assert figure_of(program=shop.program, member_id=ada.pk, now=NOW) == 150

    def test_that_staff_gave_in_the_test_is_given_back(self, shop):
        ada = shop.member()
        shop.test_mode("shadow", ada)
        assign(member_id=ada.pk, tier=self.gold, lock=True, now=NOW)
        shop.clean_up()
        assert TierMembership.objects.values_list("tier", "is_locked").get() == (self.base.pk, False)

    def test_rises_with_what_became_theirs_meanwhile(self, shop):
        ada = shop.member()
        shop.action(points=600, approval_days=3)
        waits = shop.award()
        shop.test_mode("shadow", ada)
        ledger.mature(entry_id=Entry.objects.get().pk, now=NOW)
        shop.clean_up()
        assert (tier_of(member_id=ada.pk), waits.status) == (self.gold, "pending")

    def test_that_their_own_points_bring_them_to_is_reached_in_earnest_while_the_test_goes_on(self, shop):
        ada = shop.member()
        shop.test_mode("shadow", ada)
        shop.action(points=600)
        shop.award()
        shop.test_mode("off")
        shop.award()  # on Gold already
        shop.test_mode("shadow", ada)
        shop.clean_up()
        assert (tier_of(member_id=ada.pk), shop.balances(ada).available) == (self.gold, 640)
        shop.clean_up(NOW + DAY)
        assert (TierEntryGrant.objects.get().is_test, shop.balances(ada).available) == (False, 640)

    def test_gives_its_entry_points_again_when_it_is_reached_in_earnest(self, shop):
        ada = shop.member()
        shop.test_mode("shadow", ada)
        shop.action(points=500)
        shop.award()
        assert shop.balances(ada).available == 540
        shop.test_mode("off")
        shop.clean_up()
        assert (TierEntryGrant.objects.count(), StandingBeforeTest.objects.count()) == (0, 0)
        shop.award()
        assert (shop.balances(ada).available, TierEntryGrant.objects.get().is_test) == (540, False)


class TestTheRun:
    def test_waits_for_a_purchase_in_flight_and_then_goes_on(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.give(ada, 100)
        bought, _ = begin(member=ada, reward_id=shop.reward(100).public_id, now=NOW, source="rest")
        run = shop.clean_up()
        assert (run.finished_at, shop.balances(ada).held) == (None, 100)
        fail(redemption_id=bought.pk, reason="no code", now=NOW)
        run = shop.clean_up(NOW + timedelta(minutes=1))
        assert (run.finished_at is None, shop.balances(ada).available) == (False, 0)

    def test_takes_one_who_cannot_be_cleaned_up_for_no_reason_to_stop(self, shop, ada, caplog):
        bob = shop.member(7002, email="bob@example.com")
        shop.test_mode("shadow", ada, bob)
        shop.give(ada, 100), shop.give(bob, 100)
        with connection.cursor() as cursor:  # a row that lies
            cursor.execute(
                "UPDATE ledger_lot SET remaining = 90 WHERE account_id = %s", [account_id_of(member_id=ada.pk)]
            )
        run = shop.clean_up()
        assert (run.counts["members"], run.counts["failed"], shop.balances(bob).available) == (1, 1, 0)
        assert "could not be taken back" in caplog.text
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_lot SET remaining = 100 WHERE remaining = 90")
        shop.clean_up(NOW + timedelta(minutes=1))
        assert shop.balances(ada).available == 0

    def test_ends_at_once_where_there_is_nothing(self, shop, ada):
        with shop.nothing_changes():
            run = shop.clean_up()
        assert (run.finished_at is None, run.counts) == (False, {})

    def test_leaves_others_alone(self, shop, ada):
        bob = shop.member(7002, points=100)
        shop.test_mode("shadow", ada)
        shop.give(ada, 100)
        before = Account.objects.filter(member=bob).values().get()
        shop.clean_up()
        assert Account.objects.filter(member=bob).values().get() == before
        assert Redemption.objects.count() == 0

    def test_finds_a_rejected_award_rejected(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.action(approval_days=3)
        reject(public_id=shop.award().public_id, now=NOW)
        run = shop.clean_up()
        assert (run.counts["awards"], run.counts["taken"]) == (0, 0)
