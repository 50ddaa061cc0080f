"""Test points mixed with a member's own, first in, first out: afterwards the lots are what they would be without the test."""

from datetime import timedelta

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points
from loyalty.earning.operations.merging import merge_customers
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import NotPending
from loyalty.ledger.models import Entry, Lot
from loyalty.ledger.queries import account_id_of, standings_of
from tests.a_shop import NOW

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
