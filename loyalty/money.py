"""Money as integers of the smallest unit, with its currency; decimals only at the edges."""

from __future__ import annotations

from decimal import Decimal

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THREE_DECIMAL = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies whose smallest unit is not a hundredth (ISO 4217)."""


def exponent(currency: str) -> int:
    """Returns how many decimal places `currency` (ISO 4217, upper case) has: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Returns `amount` in the smallest unit of `currency`.

    Raises:
        ValueError: The amount has more decimal places than the currency.
    """
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{currency} has {exponent(currency)} decimal places")
    return int(scaled)


def to_decimal(amount_minor: int, currency: str) -> Decimal:
    """Returns `amount_minor` of `currency` as a decimal amount with the currency's own places."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def text(amount_minor: int, currency: str) -> str:
    """Returns the plain decimal text Shopify takes: `"5.00"`, `"500"`, `"1.250"`."""
    return format(to_decimal(amount_minor, currency), "f")
