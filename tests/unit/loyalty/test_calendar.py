"""Days of a shop: zones, and days of 23 and 25 hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty.programs.calendar import end_of_day_after, start_of_day_after

NEW_YORK, AUCKLAND, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


class TestPointsThatLiveSomeDays:
    @pytest.mark.parametrize(
        ("start", "days", "zone", "end"),
        [
            ("2026-05-01T10:00:00Z", 30, UTC, "2026-06-01T00:00:00Z"),  # spendable through 31 May
            ("2026-05-01T23:59:59Z", 30, UTC, "2026-06-01T00:00:00Z"),
            ("2026-05-01T03:00:00Z", 1, NEW_YORK, "2026-05-02T04:00:00Z"),  # there it is still 30 April
            ("2026-05-01T13:00:00Z", 1, AUCKLAND, "2026-05-03T12:00:00Z"),  # there it is 2 May already
            ("2026-03-07T12:00:00Z", 0, NEW_YORK, "2026-03-08T05:00:00Z"),
            ("2026-03-08T12:00:00Z", 0, NEW_YORK, "2026-03-09T04:00:00Z"),  # a day of 23 hours
            ("2026-10-24T12:00:00Z", 1, BERLIN, "2026-10-25T23:00:00Z"),  # a day of 25 hours
            ("2028-02-28T12:00:00Z", 1, UTC, "2028-03-01T00:00:00Z"),  # a leap year
        ],
    )
    def test_end_with_the_last_of_those_days_in_the_shops_zone(self, start, days, zone, end):
        zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
        assert end_of_day_after(at(start), days=days, zone=zone) == at(end)


class TestACodeThatWorksSomeDays:
    @pytest.mark.parametrize(
        ("start", "days", "zone", "end"),
        [
            ("2024-06-01T12:00:00Z", 30, "UTC", "2024-07-01T00:00:00Z"),  # the reference's own example
            ("2024-06-01T03:00:00Z", 30, "America/New_York", "2024-06-30T04:00:00Z"),
            ("2026-03-01T12:00:00Z", 10, "America/New_York", "2026-03-11T04:00:00Z"),  # summer time begins between
        ],
    )
    def test_expires_as_that_day_begins_in_the_shops_zone(self, start, days, zone, end):
        assert start_of_day_after(at(start), days=days, zone=ZoneInfo(zone)) == at(end)

    def test_is_told_in_utc(self):
        found = start_of_day_after(at("2026-03-01T12:00:00Z"), days=1, zone=AUCKLAND)
        assert found.tzinfo is UTC
