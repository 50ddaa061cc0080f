"""Birthdays, anniversaries and milestones: once, on the shop's day, and not to be gamed."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.earning.operations import celebrate, celebrate_some, reach, set_excluded
from loyalty.earning.tasks import celebrate as the_job
from loyalty.ledger.models import Account
from loyalty.members.operations import update_profile
from loyalty.orders.models import Order
from loyalty.programs.models import ScheduledRun
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop():
    made = AShop.new(time_zone="America/New_York")
    with made.scope():
        yield made
        made.assert_sound()


def born(shop, day, *, customer_id=7001, saved=LONG_AGO, **more):
    member = shop.member(customer_id, now=LONG_AGO)
    return update_profile(member_id=member.pk, date_of_birth=day, now=saved)


def run(shop, *moment):
    return celebrate(program=shop.program, now=datetime(*moment, tzinfo=UTC))


class TestABirthday:
    def test_begins_with_the_shops_day_and_is_awarded_once(self, shop):
        shop.rule("birthday", 200, now=LONG_AGO)
        born(shop, date(1990, 6, 15))
        assert run(shop, 2026, 6, 15, 3, 59)["birthdays"] == 0  # still the 14th in New York
        assert run(shop, 2026, 6, 15, 4)["birthdays"] == 1
        assert run(shop, 2026, 6, 15, 12)["birthdays"] == 0
        assert Award.objects.get().points == 200

    def test_comes_every_year(self, shop):
        shop.rule("birthday", 200, now=LONG_AGO)
        member = born(shop, date(1990, 6, 15))
        for year in (2026, 2027, 2028):
            run(shop, year, 6, 15, 12)
        assert shop.balances(member).available == 600

    def test_earns_once_in_a_year_whatever_happens_to_the_date(self, shop):
        shop.rule("birthday", 200, now=LONG_AGO)
        member = born(shop, date(1990, 3, 10))
        run(shop, 2026, 3, 10, 12)
        update_profile(member_id=member.pk, date_of_birth=date(1990, 9, 10), now=datetime(2026, 4, 1, tzinfo=UTC))
        assert run(shop, 2026, 9, 10, 12)["birthdays"] == 0

    @pytest.mark.parametrize(("days_before", "earns"), [(29, 0), (31, 1)])
    def test_that_was_just_saved_earns_nothing_yet(self, shop, days_before, earns):
        shop.rule("birthday", 200, now=LONG_AGO)
        born(shop, date(1990, 6, 15), saved=datetime(2026, 6, 15, 12, tzinfo=UTC) - timedelta(days=days_before))
        assert run(shop, 2026, 6, 15, 12)["birthdays"] == earns

    def test_needs_as_much_notice_as_the_shop_says(self, shop):
        shop.set(birthday_notice_days=0)
        shop.rule("birthday", 200, now=LONG_AGO)
        born(shop, date(1990, 6, 15), saved=datetime(2026, 6, 14, 12, tzinfo=UTC))
        assert run(shop, 2026, 6, 15, 12)["birthdays"] == 1

    @pytest.mark.parametrize(
        ("moment", "earns"),
        [((2026, 2, 28, 12), 1), ((2026, 3, 5, 12), 0), ((2028, 2, 28, 12), 0), ((2028, 2, 29, 12), 1)],
        ids=["28 February", "not in March", "not on the 28th of a leap year", "29 February"],
    )
    def test_on_29_february_has_its_day_every_year(self, shop, moment, earns):
        shop.rule("birthday", 200, now=LONG_AGO)
        born(shop, date(1992, 2, 29))
        assert run(shop, *moment)["birthdays"] == earns

    def test_is_caught_up_after_an_outage_but_not_for_ever(self, shop):
        shop.rule("birthday", 200, now=LONG_AGO)
        born(shop, date(1990, 6, 15))
        born(shop, date(1990, 6, 10), customer_id=7002)
        assert run(shop, 2026, 6, 18, 12)["birthdays"] == 1

    def test_before_the_rule_was_on_or_of_a_member_who_is_excluded_earns_nothing(self, shop):
        shop.rule("birthday", 200, now=datetime(2026, 6, 17, tzinfo=UTC))
        born(shop, date(1990, 6, 15))
        out = born(shop, date(1990, 6, 18), customer_id=7002)
        set_excluded(member_id=out.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            assert run(shop, 2026, 6, 18, 12)["birthdays"] == 0


class TestAnAnniversary:
    def test_is_the_day_of_joining_in_later_years(self, shop):
        shop.rule("anniversary", 100, now=LONG_AGO)
        shop.member(7001, now=datetime(2025, 6, 16, 2, tzinfo=UTC))  # the 15th in New York
        assert run(shop, 2025, 6, 15, 12)["anniversaries"] == 0
        assert run(shop, 2026, 6, 15, 12)["anniversaries"] == 1
        assert run(shop, 2026, 6, 16, 12)["anniversaries"] == 0

    def test_is_the_members_own_date_where_they_have_one(self, shop):
        shop.rule("anniversary", 100, now=LONG_AGO)
        member = shop.member(7001, now=datetime(2025, 6, 16, 2, tzinfo=UTC))
        update_profile(member_id=member.pk, anniversary_date=date(2010, 9, 1), now=NOW)
        assert run(shop, 2026, 6, 15, 12)["anniversaries"] == 0
        assert run(shop, 2026, 9, 1, 12)["anniversaries"] == 1

    def test_of_joining_on_29_february_is_kept_on_the_28th_where_there_is_none(self, shop):
        shop.rule("anniversary", 100, now=LONG_AGO)
        shop.member(7001, now=datetime(2024, 2, 29, 12, tzinfo=UTC))
        shop.member(7002, now=datetime(2023, 2, 28, 12, tzinfo=UTC))
        assert run(shop, 2025, 2, 28, 12)["anniversaries"] == 2
        assert run(shop, 2028, 2, 29, 12)["anniversaries"] == 2  # one of them on the day before, caught up


class TestARun:
    def test_goes_in_steps_and_leaves_out_who_cannot_be_awarded(self, shop, caplog):
        shop.rule("birthday", 200, now=LONG_AGO)
        shop.rule("anniversary", 100, now=LONG_AGO)
        members = [born(shop, date(1990, 6, 15), customer_id=7001 + number) for number in range(5)]
        broken = members[2]
        Account.objects.filter(member=broken).delete()
        shop.member(7009, now=datetime(2024, 6, 14, 12, tzinfo=UTC))
        cursor, steps, counts = "", 0, {"birthdays": 0, "anniversaries": 0}
        while cursor is not None:
            step = celebrate_some(
                program=shop.program, now=datetime(2026, 6, 15, 12, tzinfo=UTC), cursor=cursor, limit=2
            )
            cursor, steps = step.cursor, steps + 1
            counts = {name: number + step.counts.get(name, 0) for name, number in counts.items()}
        assert (steps, counts) == (5, {"birthdays": 4, "anniversaries": 1})
        assert f"customer {broken.shopify_customer_id} could not be awarded" in caplog.text

    def test_is_recorded_where_somebody_has_a_day_and_only_there(self, shop):
        today = timezone.now().astimezone(shop.program.zone).date()
        shop.rule("birthday", 200, now=LONG_AGO)
        the_job()
        assert ScheduledRun.objects.count() == 0
        born(shop, date(1992, today.month, today.day))
        for _ in range(2):
            the_job()
        done = ScheduledRun.objects.get(name="celebrate")
        assert (done.counts, done.error, done.finished_at is None) == ({"birthdays": 1}, "", False)

    def test_that_was_stopped_goes_on_where_it_was(self, shop):
        today = timezone.now().astimezone(shop.program.zone).date()
        rule = shop.rule("birthday", 200, now=LONG_AGO)
        first, second = (born(shop, date(1992, today.month, today.day), customer_id=7001 + number) for number in (0, 1))
        at = timezone.now() - timedelta(minutes=10)
        ScheduledRun.objects.create(
            program=shop.program, name="celebrate", started_at=at, leased_until=at,
            cursor=json.dumps([rule.pk, today.isoformat(), first.pk]),
        )  # fmt: skip
        the_job()
        assert list(Award.objects.values_list("member_id", flat=True)) == [second.pk]
        assert ScheduledRun.objects.get().claims == 2


def order(shop, member, number, total_minor, *, placed_at=NOW, **more):
    return Order.objects.create(
        program=shop.program, shopify_order_id=number, member=member, name=f"#{number}", currency="USD",
        total_minor=total_minor, placed_at=placed_at, paid_at=placed_at, shopify_updated_at=placed_at,
        created_at=placed_at, updated_at=placed_at, **more,
    )  # fmt: skip


class TestAMilestone:
    @pytest.mark.parametrize(
        ("action", "options", "points"),
        [
            ("order_milestone", {"orders": 2}, 250),
            ("order_milestone", {"orders": 3}, 0),
            ("spend_milestone", {"spent": 100}, 250),
            ("spend_milestone", {"spent": 101}, 0),
        ],
        ids=str,
    )
    def test_is_reached_by_what_was_bought_and_kept(self, shop, action, options, points):
        ada = shop.member(7001)
        shop.rule(action, 250, options=options, now=LONG_AGO)
        order(shop, ada, 1, 4000)
        order(shop, ada, 2, 9000, refunded_minor=9000)
        last = order(shop, ada, 3, 6500, refunded_minor=500)
        reach(program=shop.program, member=ada, order=last, now=NOW)
        assert shop.balances(ada).available == points

    def test_is_awarded_once_and_kept_when_the_order_is_given_back(self, shop):
        ada = shop.member(7001)
        shop.rule("order_milestone", 250, options={"orders": 1}, now=LONG_AGO)
        only = order(shop, ada, 1, 4000)
        assert reach(program=shop.program, member=ada, order=only, now=NOW) == 1
        with shop.nothing_changes():
            assert reach(program=shop.program, member=ada, order=only, now=NOW) == 0

    def test_that_was_reached_before_the_rule_was_on_earns_nothing(self, shop):
        ada = shop.member(7001)
        order(shop, ada, 1, 4000, placed_at=NOW - timedelta(days=9))
        shop.rule("order_milestone", 250, options={"orders": 1}, now=NOW - timedelta(days=1))
        with shop.nothing_changes():
            assert reach(program=shop.program, member=ada, order=order(shop, ada, 2, 4000), now=NOW) == 0
