"""An order that a merchant makes: one step up or down. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def moved(ids: Sequence[int], which: int, *, up: bool) -> list[int]:
    """Returns `ids` with `which` one place nearer to the beginning (or the end); at the end of the way nothing moves.

    Raises:
        ValueError: `which` is not among them.
    """
    order = list(ids)
    here = order.index(which)
    there = here + (-1 if up else 1)
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order
