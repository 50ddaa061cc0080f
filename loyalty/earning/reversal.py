"""How many points of an award its order's refunds take back: pure.

Each refund takes floor(refund ÷ original total × points awarded), whatever was refunded before; the one that completes
the total takes the rest, so floors leave no residue. Source: programme-rules facts, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable


def taken_back(*, points: int, total_minor: int, refunds_minor: Iterable[int], is_whole: bool = False) -> int:
    """Returns the points to have been taken back in all, 0 to `points`.

    Args:
        points: What the award granted.
        total_minor: The order's original total, in the smallest unit.
        refunds_minor: Each refund, more than 0; a total above the order's counts as the order's.
        is_whole: Everything goes back, whatever was refunded (a cancelled order).
    """
    refunds = list(refunds_minor)
    if is_whole or (refunds and sum(refunds) >= total_minor):
        return points
    return sum(refund * points // total_minor for refund in refunds)
