"""A month in weeks: every span lies on exactly its days, no two over one another, and no lane is wasted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.dashboard.weeks import DAYS, Span, agenda, days_shown, month_after, weeks_of

MONDAY, SUNDAY = 0, 6
NOVEMBER = date(2026, 11, 1)  # a Sunday


def spans():
    def made(key, start, length):
        first = date(2026, 9, 1) + timedelta(days=start)
        return Span(str(key), first, None if length is None else first + timedelta(days=length))

    return st.lists(
        st.builds(made, st.uuids(), st.integers(0, 150), st.none() | st.integers(0, 60)),
        max_size=8,
        unique_by=lambda span: span.key,
    )


class TestTheDays:
    @pytest.mark.parametrize(
        ("first_weekday", "first", "last"),
        [(SUNDAY, date(2026, 11, 1), date(2026, 12, 5)), (MONDAY, date(2026, 10, 26), date(2026, 12, 6))],
    )
    def test_are_whole_weeks_that_begin_on_the_day_of_the_language(self, first_weekday, first, last):
        days = days_shown(NOVEMBER, first_weekday=first_weekday)
        assert (days[0], days[-1], len(days) % DAYS) == (first, last, 0)

    def test_are_four_weeks_where_a_month_fills_them(self):
        assert len(days_shown(date(2027, 2, 1), first_weekday=MONDAY)) == 28

    @pytest.mark.parametrize(
        ("months", "then"), [(1, date(2026, 12, 1)), (2, date(2027, 1, 1)), (-11, date(2025, 12, 1)), (0, NOVEMBER)]
    )
    def test_of_other_months_are_so_many_away(self, months, then):
        assert month_after(NOVEMBER, months) == then


def cells(spans, first_weekday=MONDAY):
    """What stands in the lanes of each week, as lengths and keys, with [ and ] at a span's own ends."""
    return [
        [
            [f"{'[' * p.begins}{p.length}{p.span.key if p.span else '-'}{']' * p.ends}" for p in lane]
            for lane in week.lanes
        ]
        for week in weeks_of(NOVEMBER, spans, first_weekday=first_weekday)
    ]


class TestTheBars:
    def test_lie_on_their_days_and_go_on_in_the_next_week(self):
        assert cells([Span("a", date(2026, 11, 5), date(2026, 11, 10))])[1:3] == [[["3-", "[4a"]], [["2a]", "5-"]]]

    def test_run_on_without_a_last_day(self):
        assert cells([Span("a", date(2026, 1, 1), None)]) == [[["7a"]]] * 6

    def test_share_a_lane_where_one_follows_the_other(self):
        following = [
            Span("b", date(2026, 11, 4), date(2026, 11, 4)),
            Span("a", date(2026, 11, 2), date(2026, 11, 3)),
        ]
        assert cells(following)[1] == [["[2a]", "[1b]", "4-"]]

    def test_lie_beneath_one_another_where_they_meet(self):
        meeting = [Span("a", date(2026, 11, 2), date(2026, 11, 3)), Span("b", date(2026, 11, 3), date(2026, 11, 8))]
        assert cells(meeting)[1] == [["[2a]", "5-"], ["1-", "[6b]"]]

    @given(spans(), st.sampled_from([MONDAY, SUNDAY]))
    def test_cover_each_day_as_often_as_spans_do(self, spans, first_weekday):
        for week in weeks_of(NOVEMBER, spans, first_weekday=first_weekday):
            covered = {day: [] for day in week.days}
            for lane in week.lanes:
                assert sum(piece.length for piece in lane) == DAYS
                at = 0
                for piece in lane:
                    for day in week.days[at : at + piece.length]:
                        covered[day] += [piece.span.key] if piece.span else []
                    at += piece.length
            wanted = {day: sorted(span.key for span in spans if span.covers(day)) for day in week.days}
            assert {day: sorted(keys) for day, keys in covered.items()} == wanted
            assert len(week.lanes) == max(map(len, wanted.values()))


class TestTheListByDay:
    def test_tells_what_begins_and_ends_and_on_the_first_and_today_what_runs(self):
        old, short = Span("old", date(2026, 8, 1), None), Span("new", date(2026, 11, 9), date(2026, 11, 20))
        told = agenda(NOVEMBER, [short, old], today=date(2026, 11, 15))
        assert [(day.day, [span.key for span in spans]) for day, spans in told] == [
            (1, ["old"]),
            (9, ["new"]),
            (15, ["old", "new"]),
            (20, ["new"]),
        ]

    def test_has_no_line_in_a_month_without_any(self):
        assert agenda(NOVEMBER, [Span("a", date(2026, 12, 1), None)], today=date(2026, 11, 15)) == []
