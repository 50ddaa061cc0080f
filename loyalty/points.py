"""Points arithmetic: exact decimals, rounded down once, at the end.

Source: programme-rules facts, section 1, and docs/adr/0003. Points are whole numbers; multipliers are exact decimals.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

MAX_POINTS = 1_000_000_000
"""Largest magnitude of one movement of points, in points."""

ONE = Decimal(1)


def multiply(base: Decimal | int, *multipliers: Decimal) -> int:
    """Returns floor(base × every multiplier), in whole points.

    Args:
        base: Points before multipliers, 0 or more; may be fractional (an amount × points per currency unit).
        multipliers: Exact factors, 0 or more each; a tier's, then a campaign's.

    Returns:
        Whole points, 0 or more, at most `MAX_POINTS`.

    Raises:
        ValueError: A factor is negative or not finite.
    """
    product = Decimal(base)
    for factor in (product, *multipliers):
        if not factor.is_finite() or factor < 0:
            raise ValueError(f"not a usable factor: {factor}")
    for multiplier in multipliers:
        product *= multiplier
    return min(int(product.to_integral_value(rounding=ROUND_FLOOR)), MAX_POINTS)
