"""Points arithmetic: the worked examples of programme-rules.md 1, and its edges."""

from decimal import Decimal

import pytest

from loyalty.points import MAX_POINTS, multiply


class TestPoints:
    @pytest.mark.parametrize(
        ("base", "tier", "campaign", "points"),
        [
            ("100", "1.5", "2", 300),
            ("33", "1.5", "1.1", 54),  # rounding after each step would give 53
            ("100", "1.5", "1", 150),
            ("10.99", "1.5", "1", 16),  # not 15: the base is not rounded on the way
            ("5", "2", "1", 10),
            ("100", "1", "1", 100),
            ("0", "3", "3", 0),
            ("1", "0.999", "1", 0),
            ("100", "0", "2", 0),
        ],
    )
    def test_are_base_times_both_multipliers_rounded_down_once(self, base, tier, campaign, points):
        assert multiply(Decimal(base), Decimal(tier), Decimal(campaign)) == points

    def test_of_an_order_partly_in_a_campaign_are_rounded_after_the_sum(self):
        base = Decimal("29.99") * 2 + Decimal("20.00") * 2 * 3
        assert multiply(base, Decimal("1.25")) == 224

    def test_are_exact_where_binary_fractions_are_not(self):
        assert multiply(Decimal("0.1") * 3, Decimal(10)) == 3
        assert int(0.1 * 3 * 10 // 1) == 3  # floats agree here …
        assert multiply(100, Decimal("1.15")) == 115
        assert int(100 * 1.15) == 114  # … and not here

    def test_without_multipliers_are_the_base_rounded_down(self):
        assert multiply(Decimal("7.999")) == 7

    def test_stop_at_the_largest_movement(self):
        assert multiply(MAX_POINTS, Decimal(1000)) == MAX_POINTS

    @pytest.mark.parametrize("factor", ["-1", "NaN", "Infinity", "-0.001"])
    def test_have_no_unusable_factor(self, factor):
        with pytest.raises(ValueError, match="not a usable factor"):
            multiply(100, Decimal(factor))
        with pytest.raises(ValueError, match="not a usable factor"):
            multiply(Decimal(factor), Decimal(1))
