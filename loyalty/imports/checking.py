"""What a line's cells say: figures, days and addresses, each read or refused with the cell that is wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from loyalty.imports.fields import HISTORY, NO_DATE
from loyalty.points import MAX_POINTS

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_GID = "gid://shopify/Customer/"
# Digits, with separators of thousands only where they belong: 1200, 1,200, 1.200, 1 200, 1'200. Zero decimals are none.
_WHOLE = re.compile(r"([+-]?)(\d+|\d{1,3}(?:([,.' \u00a0\u202f\u2019])\d{3})(?:\3\d{3})*)(?:[.,]0{1,2})?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_SHORT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ].*)?")
_YEARLESS = re.compile(r"(\d{1,2})[-/.](\d{1,2})\.?")
NO_YEAR, SMILES_NO_YEAR = 1904, 1004
"""A birthday without its year is kept under a leap year of long ago; Smile writes another one."""


class Fault(StrEnum):
    """Why a row is left out."""

    NO_PERSON = "no_person"
    BAD_EMAIL = "bad_email"
    BAD_ID = "bad_id"
    BAD_POINTS = "bad_points"
    NEGATIVE = "negative"
    NO_POINTS = "no_points"
    BAD_LIFETIME = "bad_lifetime"
    BAD_DATE = "bad_date"
    FUTURE = "future"
    NO_DATE = "no_date"
    ENDED = "ended"
    UNKNOWN_TIER = "unknown_tier"
    NO_CUSTOMER = "no_customer"
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"
    GONE = "gone"
    TOO_MUCH = "too_much"


class _Wrong(Exception):
    """A cell that cannot be taken."""

    def __init__(self, fault: Fault, value: str) -> None:
        self.fault, self.value = fault, value[:100]
        super().__init__(fault)


@dataclass(slots=True)
class Line:
    """What a line says; None and "" are blank cells, which change nothing."""

    shopify_customer_id: int | None = None
    email: str = ""
    points: int | None = None
    lifetime: int | None = None
    tier_name: str = ""
    date_of_birth: date | None = None
    expires_on: date | None = None
    sorted_on: date = NO_DATE
    note: str = ""
    fault: str = ""
    fault_value: str = ""


def read_line(
    cells: Sequence[str], columns: Mapping[str, int], *, kind: str, day_first: bool, adds: bool, today: date
) -> Line:
    """Returns what a line says, or what is wrong with it; never raises.

    Args:
        columns: Which column holds what.
        kind: `fields.MEMBERS` or `fields.HISTORY`.
        day_first: Whether 03/04 is in April.
        adds: Whether points are added, and may be fewer than none.
        today: The shop's day: birthdays and movements lie before it, ends after.
    """

    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    line = Line(email=cell("email").lower().removeprefix("mailto:")[:254], note=cell("note")[:300])
    try:
        line.shopify_customer_id = _customer_id(cell("shopify_customer_id"))
        if line.shopify_customer_id is None and not line.email:
            raise _Wrong(Fault.NO_PERSON, "")
        if line.email and not _EMAIL.fullmatch(line.email):
            raise _Wrong(Fault.BAD_EMAIL, line.email)
        line.points = whole(cell("points"), Fault.BAD_POINTS)
        if kind == HISTORY:
            _read_movement(line, cell("happened_on"), day_first, today)
        else:
            line.lifetime = _figure(cell("lifetime"), Fault.BAD_LIFETIME)
            if line.points is not None and line.points < 0 and not adds:
                raise _Wrong(Fault.NEGATIVE, cell("points"))
            line.tier_name = cell("tier")[:100]
            line.date_of_birth = birthday(cell("birthday"), day_first=day_first, today=today)
            line.expires_on = day(cell("expires_on"), day_first=day_first)
            if line.expires_on is not None and line.expires_on < today and line.points:
                raise _Wrong(Fault.ENDED, cell("expires_on"))
    except _Wrong as wrong:
        line.fault, line.fault_value = wrong.fault, wrong.value
    return line


def _read_movement(line: Line, happened_on: str, day_first: bool, today: date) -> None:
    if not line.points:
        raise _Wrong(Fault.NO_POINTS, "")
    if not happened_on:
        raise _Wrong(Fault.NO_DATE, "")
    line.sorted_on = day(happened_on, day_first=day_first) or NO_DATE
    if line.sorted_on > today:
        raise _Wrong(Fault.FUTURE, happened_on)


def whole(text: str, fault: Fault) -> int | None:
    """Returns a whole number, with or without separators of thousands; None for a blank cell."""
    if not text:
        return None
    found = _WHOLE.fullmatch(text.replace("\u2212", "-").lstrip("'"))
    if found is None:
        raise _Wrong(fault, text)
    value = int(re.sub(r"\D", "", found[2]))
    if value > MAX_POINTS:
        raise _Wrong(Fault.TOO_MUCH, text)
    return -value if found[1] == "-" else value


def _figure(text: str, fault: Fault) -> int | None:
    value = whole(text, fault)
    if value is not None and value < 0:
        raise _Wrong(fault, text)
    return value


def _customer_id(text: str) -> int | None:
    """A number, with Shopify's own name around it or a quote before it, as exports for spreadsheets have it."""
    if not text:
        return None
    digits = text.removeprefix(_GID).lstrip("'")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits)):
        raise _Wrong(Fault.BAD_ID, text)
    return int(digits)


def day(text: str, *, day_first: bool) -> date | None:
    """Returns the day that a cell names: year first, or day and month in the order chosen; None for a blank cell."""
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        return _date(text, int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(text):
        one, two = int(found[1]), int(found[2])
        # What can only be meant one way is read that way, whatever was chosen.
        is_day = (day_first or one > 12) and two <= 12
        return _date(text, int(found[3]), *((two, one) if is_day else (one, two)))
    raise _Wrong(Fault.BAD_DATE, text)


def birthday(text: str, *, day_first: bool, today: date) -> date | None:
    """Returns a birthday; one without its year is kept under `NO_YEAR`."""
    if found := _YEARLESS.fullmatch(text):
        text = f"{found[1]}/{found[2]}/{NO_YEAR}"
    born = day(text, day_first=day_first)
    if born is not None and born.year == SMILES_NO_YEAR:
        born = born.replace(year=NO_YEAR)
    if born is not None and (born > today or born.year < 1900):
        raise _Wrong(Fault.FUTURE if born > today else Fault.BAD_DATE, text)
    return born


def _date(text: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise _Wrong(Fault.BAD_DATE, text) from error


def looks_day_first(samples: Iterable[str]) -> bool | None:
    """Returns whether days of a file stand before their months; None where no cell tells."""
    for text in samples:
        found = _SHORT.fullmatch(text) or _YEARLESS.fullmatch(text)
        if found and int(found[1]) > 12:
            return True
        if found and int(found[2]) > 12:
            return False
    return None
