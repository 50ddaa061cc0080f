"""What the Analytics page is asked for, out of its address: which days, and what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy

from loyalty.analytics import spans
from loyalty.analytics.spans import Span

PRESETS = {
    "7": gettext_lazy("Last 7 days"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
    "365": gettext_lazy("Last 365 days"),
    "year": gettext_lazy("This year"),
    "custom": gettext_lazy("From and until"),
}
COMPARISONS = {
    "before": gettext_lazy("The days before"),
    "year": gettext_lazy("The year before"),
    "none": gettext_lazy("Nothing"),
}
NAMES = ("range", "from", "until", "compare")
USUAL, USUAL_COMPARISON = "30", "before"
EARLIEST = date(2000, 1, 1)
"""No shop has figures before; days of long ago have no days before them to be compared with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the texts as they stand in the form, and the days they mean.

    Attributes:
        compared: None where nothing is compared.
    """

    said: dict[str, str]
    span: Span
    compared: Span | None


def asked_of(query: Mapping[str, str], *, today: date) -> Asked:
    """Reads an address; a word that means nothing is as if it were not there. Days to come are left out."""
    preset = query.get("range", "")
    first, last = _day(query.get("from", ""), today), _day(query.get("until", ""), today)
    if preset not in PRESETS or (preset == "custom" and first is None and last is None):
        preset = USUAL
    if preset == "custom":
        span = spans.between(first or last or today, last or today)
    elif preset == "year":
        span = spans.this_year(today=today)
    else:
        span = spans.last_days(int(preset), today=today)
    how = query.get("compare", "")
    how = how if how in COMPARISONS else USUAL_COMPARISON
    compared = {"before": span.before(), "year": span.year_before()}.get(how)
    said = {"range": preset, "compare": how, "from": span.first.isoformat(), "until": span.last.isoformat()}
    return Asked(said, span, compared)


def _day(text: str, today: date) -> date | None:
    """A day written in ISO 8601, not after today; None for anything else."""
    try:
        return min(max(date.fromisoformat(text.strip()), EARLIEST), today)
    except ValueError:
        return None
