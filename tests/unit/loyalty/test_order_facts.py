"""What several tellings of an order come to, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.earning.reversal import taken_back
from loyalty.orders.facts import earliest, given_back, shares

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class TestWhatWasGivenBack:
    @pytest.mark.parametrize(
        ("money", "goods", "current", "expected"),
        [
            ([], [], None, 0),
            ([2000, 3000], [], None, 5000),
            ([6000, 6000], [], None, 10000),  # never more than the total
            ([], [2000], 8000, 2000),  # an edit, told as goods and as what is left of the total
            ([2000], [2000], 8000, 2000),  # the money of that edit follows: not a second time
            ([1000], [], 7000, 3000),
            ([], [], 12000, 0),  # an edit that adds is no refund
        ],
    )
    def test_is_the_largest_of_three_views(self, money, goods, current, expected):
        assert given_back(total_minor=10000, money=money, goods=goods, current_total_minor=current) == expected

    def test_splits_into_refunds_and_what_no_money_accounts_for(self):
        assert shares(total_minor=10000, refunded_minor=5000, money=[2000, 1000]) == [2000, 1000, 2000]
        assert shares(total_minor=10000, refunded_minor=10000, money=[6000, 6000]) == [6000, 4000]
        assert shares(total_minor=10000, refunded_minor=0, money=[]) == []

    def test_what_happened_once_happened_when_it_was_first_so(self):
        later = NOW + timedelta(days=1)
        assert earliest(None, later, NOW) == NOW
        assert earliest(None) is None


class TestPointsTakenBack:
    @pytest.mark.parametrize(
        ("points", "refunds", "expected"),
        [
            (500, [2000], 100),
            (500, [2000, 3000], 250),
            (330, [3330], 109),
            (330, [3330, 3330], 218),
            (330, [3330, 3330, 3340], 330),  # the one that completes the total takes the rest
            (1, [9999], 0),
            (1, [10000], 1),
            (7, [], 0),
        ],
    )
    def test_are_floored_per_refund_of_the_original_total(self, points, refunds, expected):
        assert taken_back(points=points, total_minor=10000, refunds_minor=refunds) == expected

    def test_a_cancelled_order_gives_everything_back(self):
        assert taken_back(points=500, total_minor=0, refunds_minor=[], is_whole=True) == 500
        assert taken_back(points=500, total_minor=10000, refunds_minor=[1], is_whole=True) == 500

    def test_a_free_order_that_gave_nothing_back_keeps_its_points(self):
        assert taken_back(points=500, total_minor=0, refunds_minor=[]) == 0

    @given(st.integers(1, 10**6), st.integers(1, 10**6), st.lists(st.integers(1, 10**6), max_size=6))
    def test_never_exceed_the_award_nor_fall_with_another_refund(self, points, total, refunds):
        amounts = [taken_back(points=points, total_minor=total, refunds_minor=refunds[:n]) for n in range(7)]
        assert amounts == sorted(amounts)
        assert all(0 <= each <= points for each in amounts)
