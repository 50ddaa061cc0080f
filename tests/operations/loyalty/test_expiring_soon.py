"""Members hear once in seven days that points of theirs end soon: all lots added up, in the shop's morning."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from loyalty.earning.operations import set_excluded
from loyalty.ledger.operations.reminding import remind_some
from loyalty.ledger.tasks import is_reminding_due, remind_expiring
from loyalty.outbox.models import Event
from loyalty.programs.models import ScheduledRun
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(member=None) -> list[dict]:
    events = Event.objects.filter(kind="points.expiring").order_by("occurred_at")
    return [event.payload for event in (events.filter(member_id=member.pk) if member else events)]


class TestPointsThatEndSoon:
    def test_are_added_up_with_their_first_end(self, shop):
        ada = shop.member(points=1000)
        for points, days in ((10, 7), (20, 3), (30, 8)):
            shop.give(ada, points, expires_at=NOW + days * DAY)
        assert remind_some(now=NOW).members == 1
        assert told() == [{"points": 30, "expires_at": "2026-03-04T12:00:00Z", "balance": 1060, "lifetime": 1060}]

    def test_are_told_once_in_seven_of_the_shops_days(self, shop):
        shop.set(time_zone="America/New_York")  # its clocks go forward on 8 March
        ada = shop.member()
        morning = datetime(2026, 3, 5, 14, tzinfo=UTC)
        for days in range(30):
            shop.give(ada, 1, expires_at=morning + days * DAY + timedelta(hours=1))
        dates = []
        for hours in range(0, 24 * 16, 24):
            now = morning + timedelta(hours=hours)
            if remind_some(now=now).members:
                dates.append(now.day)
        assert dates == [5, 12, 19]

    def test_say_nothing_of_the_excluded_or_of_what_is_over(self, shop):
        ada, bob, cid = (shop.member(7001 + number) for number in range(3))
        shop.give(ada, 10, expires_at=NOW + DAY)
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        shop.give(bob, 10, expires_at=NOW)
        shop.give(cid, 10, expires_at=NOW + 8 * DAY)
        assert remind_some(now=NOW).members == 0
        assert told() == []

    def test_are_all_of_them_where_inactivity_ends_them(self, shop):
        shop.set(points_expiry_enabled=True, points_expiry_days=30, expiry_model="inactivity")
        ada = shop.member(points=70)
        assert remind_some(now=NOW + 20 * DAY).members == 0
        assert remind_some(now=NOW + 25 * DAY).members == 1
        assert told(ada)[0] | {"lifetime": 0} == {
            "points": 70, "expires_at": "2026-04-01T00:00:00Z", "balance": 70, "lifetime": 0,
        }  # fmt: skip

    def test_are_told_in_steps(self, shop):
        for number in range(5):
            shop.give(shop.member(7001 + number), 10, expires_at=NOW + DAY)
        step, steps = remind_some(now=NOW, limit=2), 1
        while step.last is not None:
            step, steps = remind_some(now=NOW, after=step.last, limit=2), steps + 1
        assert (len(told()), steps) == (5, 4)

    def test_change_no_balance(self, shop):
        ada = shop.member()
        shop.give(ada, 10, expires_at=NOW + DAY)
        before = {key: value for key, value in shop.rows().items() if key != "Event"}
        remind_some(now=NOW)
        assert {key: value for key, value in shop.rows().items() if key != "Event"} == before


class TestTheMorning:
    @pytest.mark.parametrize(
        ("zone", "now", "due"),
        [
            ("Europe/Berlin", "2026-03-28T07:59:00+00:00", False),
            ("Europe/Berlin", "2026-03-28T08:00:00+00:00", True),
            ("Europe/Berlin", "2026-03-29T07:00:00+00:00", True),  # the clocks went forward in the night
            ("Pacific/Auckland", "2026-03-28T20:00:00+00:00", True),
            ("America/Los_Angeles", "2026-03-28T08:00:00+00:00", False),
        ],
    )
    def test_is_the_shops_own(self, shop, zone, now, due):
        shop.set(time_zone=zone)
        assert is_reminding_due(shop.program, datetime.fromisoformat(now)) is due

    def test_comes_once_a_day(self, shop):
        at = datetime(2026, 3, 28, 10, tzinfo=UTC)
        ScheduledRun.objects.create(program=shop.program, name="remind", started_at=at, finished_at=at, leased_until=at)
        assert not is_reminding_due(shop.program, at + timedelta(hours=13))
        assert is_reminding_due(shop.program, at + timedelta(hours=23))

    def test_is_recorded_in_every_shop_that_runs(self, shop):
        now = timezone.now()
        zone = f"Etc/GMT{now.hour - 12:+d}"  # where it is noon now
        shop.set(time_zone=zone)
        off = AShop.new(time_zone=zone, is_enabled=False)
        shop.give(shop.member(), 10, expires_at=now + DAY)
        remind_expiring()
        remind_expiring()
        assert [run.counts for run in ScheduledRun.objects.filter(name="remind")] == [{"members": 1}]
        with off.scope():
            assert ScheduledRun.objects.count() == 0
