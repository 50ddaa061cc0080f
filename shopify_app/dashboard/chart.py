"""Two or three series of daily figures as numbers for a picture: path data, grid lines and ticks. Pure; a template draws it.

The picture is 100 × 100 units and stretched to its box; labels are HTML around it, so text never scales
(admin-ui facts, section 12).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shopify_app.dashboard.reading import number, short_date

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label and where it stands, in per cent from the left or from the top."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template needs. With a single day there is no line, so `dots` holds where its points are.

    `expired` is empty where only two series are drawn.
    """

    earned: str
    earned_area: str
    spent: str
    dots: tuple[tuple[float, float], ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    expired: str = ""


def axis_top(largest: float) -> int:
    """The next 1, 2, 2.5 or 5 × 10ⁿ at or above `largest`, as a whole number; 1 when there is nothing."""
    if largest <= 1:
        return 1
    power = 10.0 ** math.floor(math.log10(largest))
    return math.ceil(next(step * power for step in STEPS if step * power >= largest))


def draw(
    days: Sequence[date], earned: Sequence[int], spent: Sequence[int], expired: Sequence[int] = ()
) -> Chart | None:
    """Draws the series over `days`, which are in order and as many as the figures; None when there are no days."""
    assert len(days) == len(earned) == len(spent)
    assert len(expired) in (0, len(days))
    if not days:
        return None
    top = axis_top(max((*earned, *spent, *expired)))
    width = max(len(days) - 1, 1)

    def point(index: int, value: int) -> tuple[float, float]:
        return round(index / width * 100, 2), round(100 - value / top * 100, 2)

    def path(values: Sequence[int]) -> str:
        return "M" + " L".join(f"{x} {y}" for x, y in (point(i, v) for i, v in enumerate(values)))

    marks = sorted({round(i * (len(days) - 1) / 4) for i in range(5)})
    parts = next(count for count in (5, 4, 2, 1) if top % count == 0)  # so that every label is a whole number
    return Chart(
        earned=path(earned),
        earned_area=f"{path(earned)} L100 100 L0 100 Z",
        spent=path(spent),
        dots=tuple(point(0, each[0]) for each in (earned, spent, expired) if each) if len(days) == 1 else (),
        y_ticks=tuple(Tick(number(top * n // parts), 100 - n / parts * 100) for n in range(parts + 1)),
        x_ticks=tuple(Tick(short_date(days[i]), round(i / width * 100, 2)) for i in marks),
        expired=path(expired) if expired else "",
    )
