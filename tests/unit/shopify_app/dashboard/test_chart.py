"""The chart's numbers: axis, ticks, and the edges where pictures usually break."""

from datetime import date, timedelta

import pytest

from shopify_app.dashboard.chart import axis_top, draw

DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(9)]


class TestTheAxis:
    @pytest.mark.parametrize(
        ("largest", "top"), [(0, 1), (1, 1), (2, 2), (3, 5), (11, 20), (24, 25), (26, 50), (100, 100), (3400, 5000)]
    )
    def test_ends_at_the_next_round_number(self, largest, top):
        assert axis_top(largest) == top


class TestThePicture:
    def test_needs_days(self):
        assert draw([], [], []) is None

    def test_of_one_day_is_dots(self):
        chart = draw(DAYS[:1], [4], [2])
        assert chart is not None
        assert chart.dots == ((0, 20.0), (0, 60.0))

    def test_of_nothing_lies_on_the_ground(self):
        chart = draw(DAYS, [0] * 9, [0] * 9)
        assert chart is not None
        assert set(chart.earned.replace("M", "").replace("L", "").split()[1::2]) == {"100.0"}

    def test_spans_the_box_and_labels_first_and_last_day(self):
        chart = draw(DAYS, list(range(9)), [1] * 9)
        assert chart is not None
        assert chart.earned.startswith("M0.0 100.0")
        assert chart.earned.endswith("100.0 20.0")
        assert [chart.x_ticks[0].label, chart.x_ticks[-1].label] == ["1 Nov", "9 Nov"]
        assert [tick.label for tick in chart.y_ticks] == ["0", "2", "4", "6", "8", "10"]
