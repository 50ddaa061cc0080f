"""Birthdays are told of: once a year, on the shop's day, whether or not a rule rewards them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award, BirthdayTold
from loyalty.earning.operations import has_birthdays, set_excluded, tell_birthdays_some
from loyalty.earning.operations.merging import merge_customers
from loyalty.earning.tasks import tell_birthdays as the_job
from loyalty.members.models import Member
from loyalty.members.operations import update_profile
from loyalty.outbox.models import Event
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


def born(shop, day, *, customer_id=7001, saved=LONG_AGO):
    member = shop.member(customer_id, now=LONG_AGO)
    return update_profile(member_id=member.pk, date_of_birth=day, now=saved)


def run(shop, *moment, limit=2):
    """Every step of a run; how many members were told of."""
    now, cursor, members = datetime(*moment, tzinfo=UTC), "", 0
    while cursor is not None:
        step = tell_birthdays_some(program=shop.program, now=now, cursor=cursor, limit=limit)
        cursor, members = step.cursor, members + step.members
    return members


def told():
    return list(Event.objects.filter(kind="member.birthday").order_by("occurred_at", "member_id"))


class TestABirthday:
    def test_is_told_of_on_the_shops_own_day_once_and_without_any_rule(self, shop):
        member = born(shop, date(1990, 6, 15))
        assert run(shop, 2026, 6, 15, 3, 59) == 0  # still the 14th in New York
        assert not has_birthdays(program=shop.program, now=datetime(2026, 6, 15, 3, 59, tzinfo=UTC))
        assert run(shop, 2026, 6, 15, 4) == 1
        assert run(shop, 2026, 6, 15, 12) == run(shop, 2026, 6, 17, 12) == 0
        (event,) = told()
        assert (event.member_id, event.payload, event.is_test) == (member.pk, {"year": 2026}, False)
        assert Award.objects.count() == 0

    def test_comes_every_year(self, shop):
        born(shop, date(1990, 6, 15))
        assert [run(shop, year, 6, 15, 12) for year in (2026, 2027, 2028)] == [1, 1, 1]
        assert BirthdayTold.objects.get().year == 2028

    def test_is_told_of_once_in_a_year_whatever_happens_to_the_date(self, shop):
        member = born(shop, date(1990, 3, 10))
        run(shop, 2026, 3, 10, 12)
        update_profile(member_id=member.pk, date_of_birth=date(1990, 9, 10), now=datetime(2026, 4, 1, tzinfo=UTC))
        assert run(shop, 2026, 9, 10, 12) == 0
        assert run(shop, 2027, 9, 10, 12) == 1

    @pytest.mark.parametrize(
        ("moment", "members"),
        [((2026, 2, 28, 12), 1), ((2026, 3, 5, 12), 0), ((2028, 2, 28, 12), 0), ((2028, 2, 29, 12), 1)],
        ids=["28 February", "not in March", "not on the 28th of a leap year", "29 February"],
    )
    def test_on_29_february_has_its_day_every_year(self, shop, moment, members):
        born(shop, date(1992, 2, 29))
        assert run(shop, *moment) == members

    @pytest.mark.parametrize(("days_before", "members"), [(29, 0), (31, 1)])
    def test_that_was_just_saved_is_told_of_no_sooner_than_it_is_rewarded(self, shop, days_before, members):
        born(shop, date(1990, 6, 15), saved=datetime(2026, 6, 15, 12, tzinfo=UTC) - timedelta(days=days_before))
        assert run(shop, 2026, 6, 15, 12) == members

    def test_is_caught_up_after_an_outage_into_the_new_year_but_not_for_ever(self, shop):
        born(shop, date(1990, 12, 31))
        born(shop, date(1990, 12, 20), customer_id=7002)
        assert run(shop, 2027, 1, 2, 12) == 1
        assert told()[0].payload == {"year": 2026}
        assert run(shop, 2027, 12, 31, 12) == 1

    def test_of_a_test_customer_is_a_test(self, shop):
        born(shop, date(1990, 6, 15), customer_id=7001)
        born(shop, date(1990, 6, 15), customer_id=7002)
        shop.test_mode("shadow", Member.objects.get(shopify_customer_id=7001))
        assert run(shop, 2026, 6, 15, 12) == 2
        assert [event.is_test for event in told()] == [True, False]


class TestWhoTakesNoPart:
    def test_is_left_out(self, shop):
        excluded = born(shop, date(1990, 6, 15))
        set_excluded(member_id=excluded.pk, excluded=True, now=NOW)
        redacted = born(shop, date(1990, 6, 15), customer_id=7002)
        Member.objects.filter(pk=redacted.pk).update(redacted_at=NOW)
        with shop.nothing_changes():
            assert run(shop, 2026, 6, 15, 12) == 0

    def test_is_told_of_once_when_two_are_merged(self, shop):
        born(shop, date(1990, 6, 15))
        run(shop, 2026, 6, 15, 12)
        kept = shop.member(7002, now=LONG_AGO)
        merge_customers(program=shop.program, gone=7001, kept=7002, now=NOW)
        assert Member.objects.get(pk=kept.pk).date_of_birth == date(1990, 6, 15)
        assert run(shop, 2026, 6, 15, 13) == 0
        assert run(shop, 2027, 6, 15, 12) == 1

    @pytest.mark.parametrize("setting", ["is_enabled", "is_installed"])
    def test_is_a_whole_shop_whose_programme_is_off(self, shop, setting):
        today = timezone.now().astimezone(shop.program.zone).date()
        born(shop, date(1992, today.month, today.day))
        shop.set(**{setting: False})
        the_job()
        assert told() == []


class TestARun:
    def test_goes_in_steps_and_is_recorded_only_where_there_is_something_to_tell(self, shop):
        today = timezone.now().astimezone(shop.program.zone).date()
        the_job()
        assert ScheduledRun.objects.count() == 0
        for customer_id in range(7001, 7006):
            born(shop, date(1992, today.month, today.day), customer_id=customer_id)
        other = AShop.new()
        for _ in range(2):
            the_job()
        done = ScheduledRun.objects.get(name="tell_birthdays")
        assert (done.counts, done.error, done.finished_at is None) == ({"members": 5}, "", False)
        with other.scope():
            assert told() == []

    def test_tells_of_everybody_however_small_its_steps_are(self, shop):
        for number in range(5):
            born(shop, date(1990, 6, 15 - number % 2), customer_id=7001 + number)
        assert run(shop, 2026, 6, 15, 12, limit=2) == 5
