"""Which lots pay."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty.ledger.allocation import Draw, OpenLot, first_in_first_out

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def lots(*remaining, order=None):
    """Lots earned a day apart, numbered from 1, the first the oldest."""
    made = [OpenLot(number, points, DAY + timedelta(days=number)) for number, points in enumerate(remaining, 1)]
    return [made[index] for index in order] if order else made


class TestTheOldestLot:
    def test_pays_first_whatever_the_order_they_come_in(self):
        assert first_in_first_out(lots(50, 50, 50, order=[2, 0, 1]), 120) == [Draw(1, 50), Draw(2, 50), Draw(3, 20)]

    def test_is_the_one_with_the_smaller_id_when_two_were_earned_together(self):
        together = [OpenLot(8, 10, DAY), OpenLot(3, 10, DAY)]
        assert first_in_first_out(together, 15) == [Draw(3, 10), Draw(8, 5)]

    def test_waits_behind_the_lot_a_reversal_names(self):
        assert first_in_first_out(lots(50, 50, 50), 70, before=3) == [Draw(3, 50), Draw(1, 20)]

    def test_pays_when_the_named_lot_is_empty_and_gone(self):
        assert first_in_first_out(lots(50), 20, before=99) == [Draw(1, 20)]


class TestDraws:
    @pytest.mark.parametrize(("points", "drawn"), [(0, 0), (1, 1), (149, 149), (150, 150), (151, 150), (10_000, 150)])
    def test_add_up_to_what_was_asked_as_far_as_the_lots_reach(self, points, drawn):
        draws = first_in_first_out(lots(50, 50, 50), points)
        assert sum(draw.points for draw in draws) == drawn
        assert all(0 < draw.points <= 50 for draw in draws)

    def test_of_nothing_are_none(self):
        assert first_in_first_out([], 10) == []
