"""What a list is asked for, out of its address: words that mean nothing are left out, so that any address has an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from loyalty.members import queries as members
from loyalty.members.errors import CustomerNotFound
from loyalty.programs.calendar import midnight
from loyalty.programs.models import Program
from shopify_app.dashboard.reading import a_date

NOBODY = 0
"""The number of no member: who asks for somebody that is not there finds nothing."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, in words, and the address without it."""

    label: str
    url: str


def texts_of(query: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Returns the texts of an address by the names of its filters, each trimmed and of a length that means something."""
    return {name: query.get(name, "").replace("\x00", "").strip()[:254] for name in names}


def chips_of(path: str, said: Mapping[str, str], labels: Mapping[str, str]) -> list[Chip]:
    """Returns a chip for each filter that is set and has a label."""
    without = {name: {key: value for key, value in said.items() if key != name} for name in labels if name in said}
    return [
        Chip(labels[name], f"{path}?{urlencode(rest)}" if rest else path)
        for name, rest in without.items()
        if labels[name]
    ]


def day(text: str) -> date | None:
    """Returns the day a text names, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def days(said: dict[str, str], program: Program) -> tuple[datetime | None, datetime | None]:
    """Returns the instants at which the shop's days `from` begins and `until` ends, and writes both as they were read."""
    since, until = day(said["from"]), day(said["until"])
    said |= {"from": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    return (
        midnight(since, zone=program.zone) if since else None,
        midnight(until + timedelta(days=1), zone=program.zone) if until else None,
    )


def spoken(text: str) -> str:
    """Returns a day as it is read: 3 Mar 2026."""
    found = day(text)
    return a_date(found) if found else ""


def whole(text: str, *, most: int) -> int | None:
    """Returns a whole number of 0 to `most`, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) <= most else None


def member_id_of(text: str) -> int:
    """Returns our number of the member with this e-mail address or Shopify id; pages link by `#` and the number itself."""
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit():
        return int(text[1:19])
    try:
        return int(members.member(identifier=text).pk)
    except CustomerNotFound:
        return NOBODY
