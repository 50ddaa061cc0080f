"""Money in the smallest unit of its currency."""

from decimal import Decimal

import pytest

from loyalty.money import exponent, text, to_decimal, to_minor


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor", "written"),
        [
            ("5", "USD", 500, "5.00"),
            ("12.34", "EUR", 1234, "12.34"),
            ("500", "JPY", 500, "500"),
            ("1.25", "KWD", 1250, "1.250"),
            ("0", "USD", 0, "0.00"),
            ("0.01", "GBP", 1, "0.01"),
        ],
    )
    def test_goes_to_the_smallest_unit_and_back(self, amount, currency, minor, written):
        assert to_minor(Decimal(amount), currency) == minor
        assert to_decimal(minor, currency) == Decimal(amount)
        assert text(minor, currency) == written

    @pytest.mark.parametrize(("amount", "currency"), [("0.001", "USD"), ("1.5", "JPY"), ("0.0001", "BHD")])
    def test_is_never_rounded_on_the_way_in(self, amount, currency):
        with pytest.raises(ValueError, match="decimal places"):
            to_minor(Decimal(amount), currency)

    def test_has_two_places_in_a_currency_nobody_listed(self):
        assert (exponent("USD"), exponent("KRW"), exponent("TND"), exponent("ZZZ")) == (2, 0, 3, 2)
