"""A test is taken back: by entries, and afterwards everything is what it would have been without it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points, celebrate, reject, settle
from loyalty.earning.operations.merging import merge_customers
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import NotPending
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.queries import account_id_of, standings_of
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


def spend(shop, member, points, now=NOW):
    """A reward whose points are returned without a shop: a hold that is captured, as the ledger sees it."""
    account, key = account_id_of(member_id=member.pk), f"spend-{Entry.objects.count()}"
    held = ledger.hold(program_id=shop.program.pk, account_id=account, key=key, points=points, now=now)
    ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key=f"c{key}", source="reward", now=now)
    return held.hold_id


def give_back(member, hold_id, now=NOW):
    account = account_id_of(member_id=member.pk)
    ledger.give_back(hold_id=hold_id, account_id=account, key=f"back-{hold_id}", now=now, event={})


def lots(member):
    rows = Lot.objects.filter(account__member=member, remaining__gt=0).order_by("earned_at", "pk")
    return list(rows.values_list("remaining", flat=True))


class TestPointsMixedFirstInFirstOut:
    """Each case: the member's own points, a test, the clean-up; `left` are the lots that are left."""

    @pytest.fixture(autouse=True)
    def shadow(self, shop, ada):
        self.shop, self.ada = shop, ada

    def begin(self, *own, **settings):
        self.shop.set(**settings)
        for number, points in enumerate(own):
            self.shop.give(self.ada, points, now=NOW + number * timedelta(minutes=1))
        self.shop.test_mode("shadow", self.ada)

    def end(self, left, now=NOW + DAY, debt=0):
        run = self.shop.clean_up(now)
        balances = self.shop.balances(self.ada, now)
        assert (lots(self.ada), balances.available, balances.debt, run.error) == (left, sum(left), debt, "")
        assert sum(Entry.objects.filter(is_test=True).values_list("points", flat=True)) == 0
        assert not Lot.objects.filter(is_test=True, remaining__gt=0).exists()
        self.shop.assert_sound()

    def test_test_points_alone_are_gone(self):
        self.begin()
        self.shop.give(self.ada, 100)
        self.end([])

    def test_own_points_stay(self):
        self.begin(30, 20)
        self.shop.give(self.ada, 100)
        self.end([30, 20])

    def test_own_points_that_a_test_spent_are_back_in_their_lots(self):
        self.begin(30, 20)
        self.shop.give(self.ada, 100, now=NOW + DAY / 2)
        give_back(self.ada, spend(self.shop, self.ada, 120))
        self.end([30, 20])

    def test_own_points_that_a_test_was_deducted_are_back_in_their_lots(self):
        self.begin(30, 20)
        adjust_points(member=self.ada, points=-40, source="staff", now=NOW)
        self.end([30, 20])
        assert Entry.objects.filter(kind="clean_up").count() == 1

    def test_own_points_whose_end_passed_meanwhile_expire(self):
        self.shop.give(self.ada, 50, expires_at=NOW + DAY)
        self.begin(20)
        adjust_points(member=self.ada, points=-60, source="staff", now=NOW)
        self.end([20], now=NOW + 2 * DAY)
        assert Entry.objects.get(kind="expiry", is_test=False).points == -50

    def test_own_points_that_a_refund_of_the_test_took_are_back(self):
        self.begin(40)
        given = self.award(100)
        hold = spend(self.shop, self.ada, 100)  # 40 of the member's own first
        ledger.reverse(entry_id=given, points=100, key="r", now=NOW, event={})
        give_back(self.ada, hold)
        self.end([40])

    def award(self, points):
        self.shop.give(self.ada, points, now=NOW + DAY / 2)
        return Entry.objects.latest("pk").pk

    def test_test_points_that_a_refund_of_the_test_wrote_off_do_not_come_back(self):
        self.begin()
        given = self.award(100)
        hold = spend(self.shop, self.ada, 100)
        ledger.reverse(entry_id=given, points=100, key="r", now=NOW, event={})
        give_back(self.ada, hold)
        assert self.shop.balances(self.ada).available == 100
        self.end([])

    def test_a_debt_of_the_test_is_gone(self):
        self.begin(refund_policy="debt")
        given = self.award(100)
        adjust_points(member=self.ada, points=-100, source="staff", now=NOW)
        ledger.reverse(entry_id=given, points=100, key="r", now=NOW, shortfall=ledger.Shortfall.DEBT, event={})
        assert self.shop.balances(self.ada).debt == 100
        self.end([])

    def test_a_debt_of_their_own_that_test_points_paid_is_owed_again(self):
        self.shop.give(self.ada, 100)
        own = Entry.objects.latest("pk").pk
        spend(self.shop, self.ada, 100)
        ledger.reverse(entry_id=own, points=100, key="r", now=NOW, shortfall=ledger.Shortfall.DEBT, event={})
        self.begin(refund_policy="debt")
        self.award(130)
        assert (self.shop.balances(self.ada).debt, lots(self.ada)) == (0, [30])
        self.end([], debt=100)

    def test_a_refund_of_their_own_takes_what_a_test_had_spent(self):
        self.begin(100)
        own = Entry.objects.latest("pk").pk
        hold = spend(self.shop, self.ada, 70)
        ledger.reverse(entry_id=own, points=80, key="r", now=NOW + DAY / 4, event={})  # finds 30, writes 50 off
        give_back(self.ada, hold, now=NOW + DAY / 2)
        self.end([20])

    def test_a_refund_of_their_own_never_takes_test_points(self):
        self.shop.give(self.ada, 100)
        own = Entry.objects.latest("pk").pk
        spend(self.shop, self.ada, 100)
        self.begin()
        self.award(100)
        ledger.reverse(entry_id=own, points=100, key="r", now=NOW, event={})
        self.shop.test_mode("off")
        self.shop.give(self.ada, 50)
        self.end([50])

    @pytest.mark.parametrize(("policy", "left", "debt"), [("floor", [], 0), ("debt", [], 60), ("block", [], 60)])
    def test_what_they_spent_after_the_test_is_paid_from_their_own_points(self, policy, left, debt):
        self.begin(40, refund_policy=policy)
        self.award(100)
        self.shop.test_mode("off")
        spend(self.shop, self.ada, 100)  # 40 of their own, 60 of the test's: 60 more than they have
        self.end(left, debt=debt)

    def test_what_they_spent_after_the_test_takes_the_oldest_of_their_own_points(self):
        self.begin()
        self.award(100)
        self.shop.test_mode("off")
        spend(self.shop, self.ada, 70)
        self.shop.give(self.ada, 50, now=NOW + DAY / 2), self.shop.give(self.ada, 50, now=NOW + DAY / 2)
        self.end([30])

    def test_pending_points_of_the_test_never_become_spendable(self):
        self.shop.action(approval_days=3)
        self.begin(10)
        made = self.shop.award()
        self.end([10])
        assert self.shop.balances(self.ada).pending == 0
        assert Award.objects.get(public_id=made.public_id).status == "rejected"
        with self.shop.nothing_changes(), pytest.raises(NotPending):
            ledger.mature(entry_id=Entry.objects.get(kind="accrual", is_test=True).pk, now=NOW)

    def test_points_of_a_merged_customer_are_told_apart(self):
        eve = self.shop.member(7009, email="eve@example.com")
        self.shop.give(eve, 15)
        self.shop.test_mode("shadow", eve)
        self.shop.give(eve, 85)
        hold = spend(self.shop, eve, 50)
        adjust_points(member=eve, points=-5, source="staff", now=NOW)
        merge_customers(program=self.shop.program, gone=7009, kept=7001, now=NOW)
        give_back(self.ada, hold)
        self.end([15])

    def test_figures_of_a_lifetime_are_their_own(self):
        self.begin(100)
        self.shop.give(self.ada, 500)
        give_back(self.ada, spend(self.shop, self.ada, 300))
        adjust_points(member=self.ada, points=-50, source="staff", now=NOW)
        assert self.shop.balances(self.ada).lifetime == 550
        self.end([100])
        assert (self.shop.balances(self.ada).lifetime, self.shop.balances(self.ada).redeemed) == (100, 0)

    def test_a_second_time_finds_nothing(self):
        self.begin(100)
        self.shop.give(self.ada, 500)
        self.end([100])
        before = self.shop.rows()
        self.shop.clean_up()
        assert {name: count for name, count in self.shop.rows().items() if name != "Event"} == {
            name: count for name, count in before.items() if name != "Event"
        }

    def test_while_the_test_goes_on_begins_it_afresh(self):
        self.begin(100)
        self.shop.give(self.ada, 500)
        self.end([100])
        standing = standings_of(member_ids=[self.ada.pk], now=NOW)[self.ada.pk]
        assert (standing.is_testing, standing.has_tests) == (True, True)
        self.shop.give(self.ada, 70)
        assert self.shop.balances(self.ada).available == 170
        self.end([100])


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
