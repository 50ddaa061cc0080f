"""How figures, money and moments read, in the language of whoever looks: 1,200 and 20 Nov 2026, or 1.200 and 20. Nov. 2026.

Separators and names of months are Django's own tables; the order of a date is a message like any other.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from loyalty.money import exponent, to_decimal
from loyalty.programs.models import Program

MINUS = "−"
NOTHING = "–"
UNKNOWN = "…"
"""Stands for a figure that is not filled in yet."""


def number(value: int | Decimal | None) -> str:
    """A number with thousands separators; nothing is a dash."""
    return NOTHING if value is None else number_format(value, force_grouping=True).replace("-", MINUS)


def signed(value: int | None) -> str:
    """A change of points with its sign; 0 has a plus."""
    if value is None:
        return NOTHING
    return f"{'+' if value >= 0 else MINUS}{number(abs(value))}"


def percent(share: float | Decimal | None, places: int = 0) -> str:
    """A share in percent, to `places` decimals: 0.125 reads 12%, in German 12 %."""
    return NOTHING if share is None else _percent(number_format(f"{share * 100:.{places}f}").replace("-", MINUS))


def change(share: float | Decimal) -> str:
    """A change in whole percent with its sign: +12%."""
    return _percent(f"{share * 100:+.0f}".replace("-", MINUS))


def _percent(figure: str) -> str:
    return _("%(number)s%%") % {"number": figure}


def money(amount_minor: int, currency: str) -> str:
    """An amount with its currency's places and code: 1,234.50 EUR."""
    return f"{number_format(to_decimal(amount_minor, currency), exponent(currency), force_grouping=True)} {currency}".replace(
        "-", MINUS
    )


def typed(value: Decimal | None) -> str:
    """A decimal as a field holds it, whatever the language: 1.500 is 1.5; nothing is empty. A comma would not come back."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Decimal | None) -> str:
    """A decimal without needless zeros, as it is read: 1.500 is 1.5, in German 1,5; nothing is empty."""
    return number_format(typed(value)) if value is not None else ""


def price(value: Decimal | str | None, currency: str) -> str:
    """An amount as it was set, with its currency and no needless zeros: 5 EUR, 0.005 EUR; "…" where there is none yet.

    Args:
        value: A decimal, or what was typed into a form: what is no amount stands as it was typed.
    """
    try:
        return f"{plain(Decimal(value)) if value not in (None, '') else UNKNOWN} {currency}"
    except InvalidOperation:
        return f"{value} {currency}"


def a_date(day: date) -> str:
    """A day: 20 Nov 2026."""
    return date_format(day, pgettext("date format", "j M Y"))


def a_long_date(day: date) -> str:
    """A day within a sentence: 20 November 2026."""
    return date_format(day, pgettext("date format", "j F Y"))


def a_month(day: date) -> str:
    """A month: Nov 2026."""
    return date_format(day, pgettext("date format", "M Y"))


def a_long_month(day: date) -> str:
    """A month as a heading: November 2026."""
    return date_format(day, pgettext("date format", "F Y"))


def a_weekday(day: date) -> str:
    """A day of a month that is known, with its day of the week: Friday, 20 November."""
    return date_format(day, pgettext("date format", "l, j F"))


def short_date(day: date) -> str:
    """A day of a year that is known: 20 Nov."""
    return date_format(day, pgettext("date format", "j M"))


def birthday(day: date) -> str:
    """A day that comes every year: 20 November."""
    return date_format(day, pgettext("date format", "j F"))


def moment(at: datetime | None, program: Program) -> str:
    """Date and time in the shop's time zone; nothing is a dash."""
    return NOTHING if at is None else date_format(at.astimezone(program.zone), pgettext("date format", "j M Y, H:i"))


def day(at: datetime | None, program: Program) -> str:
    """The day in the shop's time zone; nothing is a dash."""
    return NOTHING if at is None else a_date(at.astimezone(program.zone).date())


def last_day(end: datetime | None, program: Program) -> str:
    """The last whole day before an instant, in the shop's time zone: what ends at midnight reads as the day before."""
    return day(end - timedelta(microseconds=1) if end else None, program)
