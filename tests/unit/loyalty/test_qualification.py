"""Which tier a figure reaches, in which period it is counted, and when a member falls."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty.tiers.qualification import Held, Rules, Step, Verdict, judge, next_above, opened_at, reached

BASE, SILVER, GOLD = Step(1, 0), Step(2, 200), Step(3, 1000)
LADDER = [GOLD, BASE, SILVER]
BERLIN, AUCKLAND, SANTIAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Santiago")
UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestReached:
    @pytest.mark.parametrize(
        ("figure", "tier"), [(0, 1), (199, 1), (200, 2), (201, 2), (999, 2), (1000, 3), (10**12, 3)]
    )
    def test_is_the_highest_step_at_or_below_the_figure(self, figure, tier):
        assert reached(LADDER, figure) == next(step for step in LADDER if step.tier_id == tier)

    def test_is_the_lowest_step_when_none_starts_at_zero(self):
        assert reached([Step(9, 500), Step(8, 100)], 5) == Step(8, 100)

    def test_is_nothing_without_a_ladder(self):
        assert reached([], 100) is None
        assert judge([], 100, held=None, rules=Rules("lifetime", UTC_ZONE), now=NOW) is None


class TestTheNextStep:
    @pytest.mark.parametrize(("figure", "tier"), [(0, 2), (199, 2), (200, 3), (999, 3)])
    def test_is_the_lowest_above_the_figure(self, figure, tier):
        found = next_above(LADDER, figure)
        assert found is not None
        assert found.tier_id == tier

    @pytest.mark.parametrize("figure", [1000, 5000])
    def test_is_none_at_the_top(self, figure):
        assert next_above(LADDER, figure) is None


class TestThePeriod:
    def test_of_a_lifetime_has_no_beginning(self):
        assert opened_at(Rules("lifetime", BERLIN), now=NOW) is None

    @pytest.mark.parametrize(
        ("zone", "now", "opened"),
        [
            (BERLIN, "2026-07-01T00:00:00+00:00", "2025-12-31T23:00:00+00:00"),
            (AUCKLAND, "2026-07-01T00:00:00+00:00", "2025-12-31T11:00:00+00:00"),
            (BERLIN, "2026-12-31T23:30:00+00:00", "2026-12-31T23:00:00+00:00"),
            (UTC_ZONE, "2026-12-31T23:30:00+00:00", "2026-01-01T00:00:00+00:00"),
        ],
    )
    def test_of_a_calendar_year_begins_at_the_shops_midnight(self, zone, now, opened):
        assert opened_at(Rules("calendar_year", zone), now=at(now)) == at(opened)

    def test_of_365_days_is_as_long_in_a_leap_year(self):
        assert opened_at(Rules("rolling_year", BERLIN), now=at("2028-12-31T10:00:00+00:00")) == at(
            "2028-01-01T10:00:00+00:00"
        )


class TestRising:
    @pytest.mark.parametrize("period", ["lifetime", "rolling_year", "calendar_year"])
    def test_happens_at_once(self, period):
        held = Held(BASE, NOW, None)
        verdict = judge(LADDER, 1000, held=held, rules=Rules(period, UTC_ZONE, 30), now=NOW)
        assert verdict is not None and verdict.step == GOLD

    def test_in_a_calendar_year_keeps_the_tier_until_the_year_and_the_grace_are_over(self):
        rules = Rules("calendar_year", BERLIN, 10)
        assert judge(LADDER, 200, held=None, rules=rules, now=NOW) == Verdict(SILVER, at("2027-01-10T23:00:00+00:00"))

    def test_ends_a_time_of_grace(self):
        held = Held(GOLD, NOW, NOW + timedelta(days=3))
        assert judge(LADDER, 1000, held=held, rules=Rules("lifetime", UTC_ZONE, 5), now=NOW) == Verdict(GOLD, None)


class TestFallingInALifetime:
    def test_happens_at_once_without_grace(self):
        held = Held(GOLD, NOW, None)
        assert judge(LADDER, 999, held=held, rules=Rules("lifetime", UTC_ZONE), now=NOW) == Verdict(SILVER, None)

    def test_waits_for_the_end_of_the_last_day_of_grace(self):
        held = Held(GOLD, NOW, None)
        noted = judge(LADDER, 999, held=held, rules=Rules("lifetime", BERLIN, 30), now=NOW)
        ends = at("2026-03-31T22:00:00+00:00")  # the clocks went forward meanwhile
        assert noted == Verdict(GOLD, ends)
        waiting = Held(GOLD, NOW, ends)
        rules = Rules("lifetime", BERLIN, 30)
        assert judge(LADDER, 0, held=waiting, rules=rules, now=ends - timedelta(seconds=1)) == Verdict(GOLD, ends)
        assert judge(LADDER, 0, held=waiting, rules=rules, now=ends) == Verdict(BASE, None)

    def test_never_goes_below_the_base(self):
        assert judge(LADDER, 0, held=Held(BASE, NOW, None), rules=Rules("lifetime", BERLIN, 9), now=NOW) == Verdict(
            BASE, None
        )

    def test_finds_a_midnight_that_the_clocks_skip(self):
        # In Santiago 6 September 2026 begins at 01:00: the midnight between is the instant at which the clocks jump.
        noted = judge(
            LADDER, 0, held=Held(GOLD, NOW, None), rules=Rules("rolling_year", SANTIAGO, 1), now=at("2026-09-04T15:00Z")
        )
        assert noted == Verdict(GOLD, at("2026-09-06T04:00:00+00:00"))


class TestFallingInACalendarYear:
    RULES = Rules("calendar_year", BERLIN)
    YEAR_ENDS = datetime(2026, 12, 31, 23, tzinfo=UTC)

    def test_waits_for_the_end_of_the_year_however_much_was_taken_back(self):
        held = Held(GOLD, NOW, self.YEAR_ENDS)
        before = judge(LADDER, 0, held=held, rules=self.RULES, now=self.YEAR_ENDS - timedelta(seconds=1))
        assert before == Verdict(GOLD, self.YEAR_ENDS)
        assert judge(LADDER, 0, held=held, rules=self.RULES, now=self.YEAR_ENDS) == Verdict(BASE, None)

    def test_lands_where_the_new_year_has_already_lifted_to(self):
        ends = at("2027-03-30T22:00:00+00:00")  # 90 days of grace reach into summer time
        rules = Rules("calendar_year", BERLIN, 89)
        assert judge(LADDER, 250, held=Held(GOLD, NOW, None), rules=rules, now=ends) == Verdict(
            SILVER, at("2028-03-29T22:00:00+00:00")
        )

    def test_goes_by_the_year_in_which_the_tier_was_reached_when_nothing_is_noted(self):
        reached_last_year = Held(GOLD, at("2025-06-01T00:00:00+00:00"), None)
        assert judge(LADDER, 0, held=reached_last_year, rules=self.RULES, now=NOW) == Verdict(BASE, None)

    def test_is_put_off_by_a_year_that_was_earned_again(self):
        held = Held(GOLD, at("2025-06-01T00:00:00+00:00"), at("2026-03-31T22:00:00+00:00"))
        rules = Rules("calendar_year", BERLIN, 90)
        assert judge(LADDER, 1000, held=held, rules=rules, now=NOW) == Verdict(GOLD, at("2027-03-31T22:00:00+00:00"))
