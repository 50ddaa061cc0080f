"""Spans of days and the forecast: arithmetic that a merchant can do by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from loyalty.analytics.forecasting import Month, forecast
from loyalty.analytics.spans import Span, between, buckets_of, last_days, months_before, this_year

TODAY = date(2026, 3, 15)


class TestASpan:
    def test_of_the_last_days_has_today_in_it(self):
        assert last_days(7, today=TODAY) == Span(date(2026, 3, 9), TODAY)
        assert this_year(today=TODAY) == Span(date(2026, 1, 1), TODAY)

    def test_is_compared_with_as_many_days_that_end_the_day_before_it(self):
        assert Span(date(2026, 3, 9), TODAY).before() == Span(date(2026, 3, 2), date(2026, 3, 8))

    def test_is_compared_with_the_same_dates_of_the_year_before(self):
        assert Span(date(2024, 2, 29), date(2024, 3, 1)).year_before() == Span(date(2023, 2, 28), date(2023, 3, 1))

    def test_takes_its_ends_in_either_order(self):
        assert between(TODAY, date(2026, 1, 1)) == Span(date(2026, 1, 1), TODAY)

    def test_has_an_end(self):
        assert between(date(2000, 1, 1), TODAY).days == 3660

    @pytest.mark.parametrize(("days", "step"), [(92, "day"), (93, "week"), (400, "week"), (401, "month")])
    def test_is_shown_in_steps_that_can_be_read(self, days, step):
        assert last_days(days, today=TODAY).step == step

    def test_puts_every_day_in_one_bucket(self):
        span = last_days(365, today=TODAY)
        days = [span.first + timedelta(days=n) for n in range(span.days)]
        buckets = buckets_of(span, days)
        assert [day for held in buckets.values() for day in held] == days
        assert next(iter(buckets)) == span.first
        assert all(at.weekday() == 0 for at in list(buckets)[1:])

    def test_of_whole_months_ends_before_this_one(self):
        assert months_before(date(2026, 1, 31), 2) == [
            Span(date(2025, 11, 1), date(2025, 11, 30)),
            Span(date(2025, 12, 1), date(2025, 12, 31)),
        ]


class TestTheForecast:
    history = (Month(1000, 100), Month(1000, 300), Month(2000, 400))

    def test_waits_for_three_months_that_began_with_points(self):
        months = [*self.history[:2], Month(0, 0)]
        assert forecast(open_now=100, ends={None: 100}, history=months, today=TODAY) is None
        assert forecast(open_now=0, ends={}, history=self.history, today=TODAY) is None

    def test_goes_from_the_slowest_month_to_the_fastest(self):
        found = forecast(open_now=1000, ends={None: 1000}, history=self.history, today=TODAY)
        assert found is not None
        assert found.rates == (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))
        assert found.low.redeemed == round(1000 * (1 - 0.9**12))
        assert found.expected.redeemed == round(1000 * (1 - 0.8**12))
        assert found.high.redeemed == round(1000 * (1 - 0.7**12))

    def test_expires_in_its_month_what_was_not_redeemed_by_then(self):
        found = forecast(open_now=1000, ends={date(2026, 4, 1): 500, None: 500}, history=self.history, today=TODAY)
        assert found is not None
        assert found.expected.expired == round(500 * 0.8**2)

    def test_accounts_for_every_point(self):
        ends = {date(2026, 3, 1): 100, date(2026, 9, 1): 333, date(2028, 1, 1): 67, None: 500}
        found = forecast(open_now=1000, ends=ends, history=self.history, today=TODAY)
        assert found is not None
        for outcome in (found.low, found.expected, found.high):
            assert outcome.redeemed + outcome.expired + outcome.still_open == 1000
            assert min(outcome.redeemed, outcome.expired, outcome.still_open) >= 0
