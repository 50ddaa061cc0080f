"""A shop with a known history: its days, rolled up, say what its rows say, to the day of the shop."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from loyalty.analytics import queries
from loyalty.analytics.counting import count_some
from loyalty.analytics.models import Day, Liability, Reach, RollUp
from loyalty.analytics.spans import Span
from loyalty.analytics.tasks import ROLL_UP, due
from loyalty.analytics.tasks import roll_up as task
from loyalty.earning.operations import adjust_points
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import run
from loyalty.rewards.models import Redemption
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import heard, order, refund
from tests.rolling_up import roll_up, spend

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
FIGURES = [field.name for field in Day._meta.fields if field.name not in ("id", "program")]
YEAR = Span(date(2025, 3, 2), TODAY)


def rows(model: type = Day) -> list[tuple[object, ...]]:
    """Everything that is rolled up, without its numbers."""
    names = FIGURES if model is Day else ["doing", "day", "previous_day", "members"]
    return list(model.objects.order_by(*names).values_list(*names))  # type: ignore[attr-defined]  # any model


def day(at: date) -> Day:
    return Day.objects.get(day=at)


class TestADay:
    def test_has_the_figures_of_the_ledger_by_kind(self, shop):
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 500, now=MONDAY)
        adjust_points(member=ada, points=50, source="staff", now=MONDAY, note="why", actor="demo")
        adjust_points(member=ada, points=-20, source="staff", now=MONDAY, note="why", actor="demo")
        spend(shop.program, ada, 200, MONDAY)
        spend(shop.program, ada, 100, MONDAY + timedelta(hours=1))
        roll_up(shop.program, NOW)
        found = day(MONDAY.date())
        assert (found.accrued, found.added, found.removed, found.redeemed, found.redemptions) == (500, 50, -20, -300, 2)
        assert (found.issued, found.spent, found.new_members) == (550, 300, 1)

    def test_adds_up_with_all_others_to_the_balances(self, shop):
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 500, now=MONDAY, expires_at=MONDAY + timedelta(days=20))
        spend(shop.program, ada, 120, MONDAY + timedelta(days=3))
        ledger.expire_due(now=MONDAY + timedelta(days=21))
        shop.give(ada, 70, now=MONDAY + timedelta(days=30))
        roll_up(shop.program, NOW)
        counted = queries.counted(program=shop.program, now=NOW)
        assert counted is not None
        assert counted.balance_after(TODAY) == shop.balances(ada).available == 70
        assert sum(each.expired for each in counted.days.values()) == -380

    def test_begins_at_midnight_in_the_shop(self, shop):
        shop.set(time_zone="America/New_York")
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 1, now=datetime(2026, 1, 7, 4, 59, 59, tzinfo=UTC))  # 23:59:59 on the 6th
        shop.give(ada, 10, now=datetime(2026, 1, 7, 5, 0, tzinfo=UTC))  # midnight
        roll_up(shop.program, NOW)
        assert (day(date(2026, 1, 6)).accrued, day(date(2026, 1, 7)).accrued) == (1, 10)

    def test_has_23_hours_when_the_clocks_go_forward(self, shop):
        shop.set(time_zone="Europe/Berlin")
        berlin = ZoneInfo("Europe/Berlin")
        ada = shop.member(7001, now=datetime(2025, 3, 28, 12, tzinfo=UTC))
        for hour, points in ((0, 1), (23, 10)):
            shop.give(ada, points, now=datetime(2025, 3, 30, hour, 30, tzinfo=berlin).astimezone(UTC))
        shop.give(ada, 100, now=datetime(2025, 3, 31, 0, 0, tzinfo=berlin).astimezone(UTC))
        shop.give(ada, 1000, now=datetime(2025, 3, 29, 23, 59, tzinfo=berlin).astimezone(UTC))
        roll_up(shop.program, NOW)
        found = [day(date(2025, 3, number)).accrued for number in (29, 30, 31)]
        assert found == [1000, 11, 100]

    def test_leaves_tests_out(self, shop):
        ada, bob = shop.member(7001, now=MONDAY), shop.member(7002, now=MONDAY)
        shop.test_mode("shadow", ada, now=MONDAY)
        shop.give(ada, 500, now=MONDAY + timedelta(hours=1))
        shop.give(bob, 30, now=MONDAY + timedelta(hours=1))
        roll_up(shop.program, NOW)
        assert day(MONDAY.date()).accrued == 30
        owed = Liability.objects.latest("counted_at")
        assert owed.open == 30
        assert sum(each.members for each in Reach.objects.filter(doing="earned")) == 1

    def test_without_anything_is_there_all_the_same(self, shop):
        shop.give(shop.member(7001, now=MONDAY), 1, now=MONDAY)
        roll_up(shop.program, NOW)
        assert Day.objects.count() == (TODAY - MONDAY.date()).days


class TestOrders:
    def test_count_on_the_day_they_were_placed(self, shop):
        heard(shop, order(1, 10000, at=MONDAY), order(2, 2500, at=MONDAY + timedelta(days=1)))
        heard(shop, order(3, 900, at=MONDAY, paid_at=None), order(4, 800, at=MONDAY, is_test=True))
        roll_up(shop.program, NOW)
        found = day(MONDAY.date())
        assert (found.orders, found.revenue_minor, found.rewarded_orders) == (1, 10000, 0)

    def test_with_a_reward_are_told_apart(self, shop):
        ada = shop.member(7001, now=MONDAY)
        heard(shop, order(1, 10000, at=MONDAY), order(2, 2500, at=MONDAY))
        for number, is_test in ((1, False), (2, True)):
            Redemption.objects.create(
                program=shop.program, public_id=f"cr_{number}", member=ada, state="used", points_spent=0, order_id=number,
                is_test=is_test, created_at=MONDAY, updated_at=MONDAY,
            )  # fmt: skip
        roll_up(shop.program, NOW)
        found = day(MONDAY.date())
        assert (found.orders, found.rewarded_orders, found.rewarded_revenue_minor) == (2, 1, 10000)

    def test_refunded_days_later_change_their_day(self, shop):
        heard(shop, order(1, 10000, at=MONDAY))
        roll_up(shop.program, MONDAY + timedelta(days=2))
        assert day(MONDAY.date()).revenue_minor == 10000
        later = MONDAY + timedelta(days=9)
        heard(shop, refund("r1", 4000, 1, at=later), order(1, 10000, at=MONDAY, shopify_updated_at=later), now=later)
        roll_up(shop.program, later + timedelta(hours=1))
        assert day(MONDAY.date()).revenue_minor == 6000

    def test_of_long_ago_are_found_the_next_day_at_the_latest(self, shop):
        heard(shop, order(1, 10000, at=MONDAY))
        roll_up(shop.program, MONDAY + timedelta(days=60))
        heard(shop, order(2, 500, at=MONDAY), order(3, 70, at=MONDAY - timedelta(days=100)))
        roll_up(shop.program, MONDAY + timedelta(days=61))
        assert day(MONDAY.date()).revenue_minor == 10500
        assert day(MONDAY.date() - timedelta(days=100)).revenue_minor == 70


class TestTheRun:
    def lively(self, shop: AShop) -> None:
        """Three months in which three members come and go."""
        members = [shop.member(7001 + n, now=MONDAY + timedelta(days=n)) for n in range(3)]
        for n in range(50):
            at = MONDAY + timedelta(days=n, hours=n % 13)
            shop.give(members[n % 3], 10 + n, now=at)
            heard(shop, order(100 + n, 1000 + n, at=at, customer=7001 + n % 3))
            if n % 7 == 6:
                spend(shop.program, members[n % 3], 10, at + timedelta(minutes=1))

    def test_done_twice_is_the_same(self, shop):
        self.lively(shop)
        roll_up(shop.program, NOW)
        before = rows(), rows(Reach)
        roll_up(shop.program, NOW + timedelta(hours=1))
        assert (rows(), rows(Reach)) == before

    def test_day_after_day_is_a_recount_of_the_whole(self, shop):
        self.lively(shop)
        for passed in range(40, 56):
            roll_up(shop.program, MONDAY + timedelta(days=passed))
        grown = rows(), rows(Reach)
        for model in (RollUp, Day, Reach):
            model.objects.all().delete()
        roll_up(shop.program, MONDAY + timedelta(days=55))
        assert (rows(), rows(Reach)) == grown
        entries = Entry.objects.filter(kind="accrual")
        assert sum(each.accrued for each in Day.objects.all()) == sum(entry.points for entry in entries)

    def test_finds_the_next_day_what_was_written_with_a_date_of_the_past(self, shop):
        self.lively(shop)
        roll_up(shop.program, NOW)
        ada = Member.objects.get(shopify_customer_id=7001)
        shop.give(ada, 1000, now=MONDAY + timedelta(days=20))
        roll_up(shop.program, NOW + timedelta(hours=1))
        assert day(MONDAY.date() + timedelta(days=20)).accrued < 1000
        roll_up(shop.program, NOW + timedelta(days=1))
        assert day(MONDAY.date() + timedelta(days=20)).accrued > 1000
        healed = rows(), rows(Reach)
        for model in (RollUp, Day, Reach):
            model.objects.all().delete()
        roll_up(shop.program, NOW + timedelta(days=1))
        assert (rows(), rows(Reach)) == healed

    def test_that_runs_out_of_time_goes_on_where_it_was(self, shop):
        self.lively(shop)
        roll_up(shop.program, NOW)
        at_once = rows(), rows(Reach)
        for model in (RollUp, Day, Reach):
            model.objects.all().delete()
        passed = itertools.count()
        calls = 0
        while not run(  # each call has time for one step
            name=ROLL_UP, programs=[shop.program.pk], work=count_some, budget=timedelta(seconds=4),
            clock=lambda: NOW + timedelta(seconds=next(passed)),
        ):  # fmt: skip
            calls += 1
        assert calls > 3
        assert (rows(), rows(Reach)) == at_once

    def test_takes_up_what_a_worker_left_when_it_died(self, shop):
        self.lively(shop)
        at = timezone.now() - timedelta(minutes=10)
        ScheduledRun.objects.create(
            program=shop.program, name=ROLL_UP, started_at=at, leased_until=at, cursor="whole:2026-02-02"
        )
        task()
        done = ScheduledRun.objects.get(started_at=at)
        assert (done.error, done.finished_at is not None) == ("", True)
        assert day(MONDAY.date()).accrued == 10

    def test_begins_again_when_the_shop_moves(self, shop):
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 5, now=datetime(2026, 1, 8, 2, tzinfo=UTC))
        roll_up(shop.program, NOW)
        assert day(date(2026, 1, 8)).accrued == 5
        shop.set(time_zone="America/New_York")
        assert due(now=NOW) == [shop.program.pk]
        assert queries.counted(program=shop.program, now=NOW) is None
        roll_up(shop.program, NOW)
        assert (day(date(2026, 1, 7)).accrued, day(date(2026, 1, 8)).accrued) == (5, 0)

    def test_is_due_once_an_hour(self, shop):
        assert due(now=NOW) == [shop.program.pk]
        roll_up(shop.program, NOW)
        assert due(now=NOW + timedelta(minutes=30)) == []
        assert due(now=NOW + timedelta(hours=1)) == [shop.program.pk]

    def test_counts_one_shop_and_no_other(self, shop):
        shop.give(shop.member(7001, now=MONDAY), 5, now=MONDAY)
        other = AShop.new()
        other.give(other.member(7001, now=MONDAY), 7000, now=MONDAY)
        with other.scope():
            heard(other, order(1, 10000, at=MONDAY))
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        (total,) = queries.totals(of=found, spans=[YEAR])
        assert (total.issued, total.members, total.active_members, total.orders) == (5, 1, 1, 0)
        owed = Liability.objects.latest("counted_at")
        assert owed.open == 5
        with other.scope():
            assert not Day.objects.exists()

    def test_of_an_empty_shop_counts_nothing(self, shop):
        assert roll_up(shop.program, NOW).error == ""
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        assert queries.totals(of=found, spans=[YEAR])[0].participation is None
