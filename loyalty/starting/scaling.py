"""A template's numbers in the currency of a shop: a yen buys about a hundredth of what a dollar buys. Pure.

These are orders of magnitude for suggestions, no rates of exchange: nothing is ever converted by them.
"""

from __future__ import annotations

from dataclasses import dataclass

UNITS_PER_DOLLAR = {
    "AED": 4, "ARS": 1000, "BRL": 5, "CLP": 1000, "CNY": 5, "COP": 4000, "CZK": 20, "DKK": 5, "HKD": 10, "HUF": 300,
    "IDR": 15000, "ILS": 4, "INR": 50, "ISK": 100, "JPY": 100, "KES": 100, "KRW": 1000, "MXN": 20, "MYR": 4, "NGN": 1000,
    "NOK": 10, "PHP": 50, "PKR": 200, "PLN": 4, "PYG": 7000, "RON": 4, "RSD": 100, "RUB": 100, "SAR": 4, "SEK": 10,
    "THB": 30, "TRY": 40, "TWD": 30, "UAH": 40, "UGX": 4000, "VND": 20000, "XAF": 500, "XOF": 500, "ZAR": 20,
}  # fmt: skip
"""About how many units of a currency buy what a dollar buys; a currency that is not named is like the dollar."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a template's numbers become a shop's.

    Attributes:
        money: Currency units for each unit of the template.
        per_unit: Points per currency unit, 1 or more.
        points: A template's points become this many times as many, exactly `points[0] / points[1]`.
    """

    money: int
    per_unit: int
    points: tuple[int, int]

    def amount(self, units: int) -> int:
        """Returns an amount or threshold of the template in the shop's currency units."""
        return units * self.money

    def reward(self, points: int) -> int:
        """Returns the price of a reward, or a bonus, so that a point is worth the same share of an order as in the template."""
        return rounded(points * self.points[0] / self.points[1])


def scale_for(currency: str, *, per_unit: int) -> Scale:
    """Returns the scale of a template that gives `per_unit` points per unit, for a shop in `currency`.

    Whole points per unit are at least one, so where a unit buys little, everything else has larger numbers instead.
    """
    money = UNITS_PER_DOLLAR.get(currency, 1)
    own = max(1, round(per_unit / money))
    return Scale(money, own, (money * own, per_unit))


def rounded(figure: float) -> int:
    """Returns a figure to two digits that say something: 1,562 reads 1,600; 1 at least."""
    whole = max(1, round(figure))
    places = max(0, len(str(whole)) - 2)
    return int(round(whole, -places))
