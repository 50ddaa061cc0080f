"""Which tier a figure reaches."""

import pytest

from loyalty.tiers.qualification import Step, next_above, reached

LADDER = [Step(3, 1000), Step(1, 0), Step(2, 200)]


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


class TestTheNextStep:
    @pytest.mark.parametrize(("figure", "tier"), [(0, 2), (199, 2), (200, 3), (999, 3)])
    def test_is_the_lowest_above_the_figure(self, figure, tier):
        found = next_above(LADDER, figure)
        assert found is not None
        assert found.tier_id == tier

    @pytest.mark.parametrize("figure", [1000, 5000])
    def test_is_none_at_the_top(self, figure):
        assert next_above(LADDER, figure) is None
