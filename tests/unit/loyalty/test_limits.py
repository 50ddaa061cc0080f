"""How often a member may earn: periods of the shop, through daylight saving, month ends and leap days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty.earning.limits import Limit, Window, opened_at, opens_at, words

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


class TestAPeriod:
    @pytest.mark.parametrize(
        ("window", "now", "opened", "opens"),
        [
            (Window.HOUR, utc(2026, 3, 1, 12, 34), utc(2026, 3, 1, 12), utc(2026, 3, 1, 13)),
            (Window.DAY, utc(2026, 3, 1, 23, 30), utc(2026, 3, 1, 23), utc(2026, 3, 2, 23)),
            (Window.DAY, utc(2026, 3, 29, 12), utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
            (Window.DAY, utc(2026, 10, 25, 12), utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),
            (Window.WEEK, utc(2026, 3, 29, 12), utc(2026, 3, 22, 23), utc(2026, 3, 29, 22)),
            (Window.MONTH, utc(2028, 2, 29, 12), utc(2028, 1, 31, 23), utc(2028, 2, 29, 23)),
            (Window.YEAR, utc(2026, 12, 31, 22, 59), utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        ],
        ids=["hour", "day", "23-hour day", "25-hour day", "week with the change", "February of a leap year", "year"],
    )
    def test_is_the_shops_own(self, window, now, opened, opens):
        limit = Limit(1, window)
        assert opened_at(limit, now=now, zone=BERLIN) == opened
        assert opens_at(limit, now=now, zone=BERLIN, counted=[now]) == opens

    def test_begins_at_another_instant_in_another_zone(self):
        now = utc(2026, 3, 1, 3)
        assert opened_at(Limit(1, Window.DAY), now=now, zone=BERLIN) == utc(2026, 2, 28, 23)
        assert opened_at(Limit(1, Window.DAY), now=now, zone=NEW_YORK) == utc(2026, 2, 28, 5)

    def test_tells_the_hour_that_comes_twice_apart(self):
        first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)  # both are 02:30 in Berlin
        assert opened_at(Limit(1, Window.HOUR), now=first, zone=BERLIN) == utc(2026, 10, 25, 0)
        assert opened_at(Limit(1, Window.HOUR), now=second, zone=BERLIN) == utc(2026, 10, 25, 1)


class TestRollingDays:
    def test_count_back_from_now_and_open_when_the_oldest_leaves(self):
        now = utc(2026, 3, 29, 12)
        limit = Limit(2, Window.DAYS, 7)
        counted = [now - timedelta(days=6), now - timedelta(days=1)]
        assert opened_at(limit, now=now, zone=BERLIN) == now - timedelta(days=7)
        assert opens_at(limit, now=now, zone=BERLIN, counted=counted) == counted[0] + timedelta(days=7)


class TestALifetime:
    def test_never_opens_again(self):
        limit = Limit(3, Window.LIFETIME)
        assert opened_at(limit, now=utc(2026, 1, 1), zone=BERLIN) is None
        assert opens_at(limit, now=utc(2026, 1, 1), zone=BERLIN, counted=[]) is None


class TestWords:
    @pytest.mark.parametrize(
        ("limit", "text"),
        [
            (Limit(1, Window.DAY), "Once per day"),
            (Limit(3, Window.YEAR), "3 times per calendar year"),
            (Limit(2, Window.DAYS, 7), "2 times in 7 days"),
            (Limit(5, Window.LIFETIME), "5 times in all"),
        ],
    )
    def test_say_the_limit(self, limit, text):
        assert words(limit) == text
