"""Birthdays: once a calendar year whatever happens to the date, and only for one saved long enough before.

29 February counts as the 28th in other years. Source: programme-rules facts, section 2.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date

from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind


def days_celebrated(day: date) -> list[tuple[int, int]]:
    """Returns the (month, day) of births that are celebrated on `day`: two on 28 February of a year without a 29th."""
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        return [(2, 28), (2, 29)]
    return [(day.month, day.day)]


KINDS = (Kind("birthday", Category.BIRTHDAY, _("Birthday"), 200, "confetti", how_often=_("Once a year")),)
