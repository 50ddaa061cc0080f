"""Lines of the Deliveries pages, in words: what went out, how each family stands, what sending all again would do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.deliveries import queries
from loyalty.deliveries.families import families, hooks, label_of, recognises
from loyalty.deliveries.showing import MARK, Shown
from loyalty.members.models import Member
from loyalty.outbox.models import Attempt
from loyalty.outbox.queries import Line
from loyalty.outbox.replaying import MOST
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.delivery_filters import Asked
from shopify_app.dashboard.pages import link
from shopify_app.dashboard.reading import number

OUTCOMES = {
    "done": (gettext_lazy("Delivered"), "success"),
    "retry": (gettext_lazy("Failed"), "warning"),
    "dead": (gettext_lazy("Refused"), "critical"),
    "unknown": (gettext_lazy("Unclear"), "warning"),
    "paused": (gettext_lazy("Waiting"), "info"),
    "waits": (gettext_lazy("Asked to wait"), "info"),
    "skipped": (gettext_lazy("Skipped"), "neutral"),
}
TONES = {"done": "success", "dead": "critical", "unknown": "warning", "pending": "info", "sending": "info"}
FIRST = ("method", "url", "headers")
"""What of a request is read first; its body comes last."""
ON_TIME = timedelta(minutes=1)
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    it: Shown
    label: str
    tone: str
    url: str
    member: str


@dataclass(frozen=True, slots=True)
class Open:
    """How many of a family are in a state that is not the end."""

    state: str
    count: int
    word: str


@dataclass(frozen=True, slots=True)
class LineView:
    """How a family stands, in words."""

    name: str
    label: str
    line: Line
    open: list[Open]
    lag: str
    tone: str


@dataclass(frozen=True, slots=True)
class Again:
    """What sending all again would do: how many (`count` in words), to whom, and who of them may act twice."""

    count: str
    is_more: bool
    recognising: list[str]
    acting_twice: list[str]
    is_of_codes: bool


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt at a delivery as its page shows it."""

    number: int
    at: datetime
    milliseconds: int
    label: str
    tone: str
    said: str


def attempt_view(row: Attempt) -> AttemptView:
    """Returns one attempt in words."""
    label, tone = OUTCOMES.get(row.outcome, (row.outcome.capitalize(), "neutral"))
    said = _("Answered %(status)s") % {"status": row.status} if row.status else row.error
    return AttemptView(row.number, row.at, row.milliseconds, str(label), tone, said)


def pretty(value: object) -> str:
    """Returns JSON indented for reading; other text as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)


def sent(request: Mapping[str, object]) -> str:
    """Returns what was sent, a body of JSON unfolded for reading."""
    told = {**{name: request[name] for name in FIRST if name in request}, **request}  # the database keeps no order
    body = told.pop("body", None)
    with suppress(ValueError):  # text that is no JSON is shown as it is
        body = json.loads(body) if isinstance(body, str) else body
    return pretty({**told, "body": body} if body is not None else told)


def rows_about(request: AdminRequest, found: list[Shown], member: Member) -> list[Row]:
    """Returns outgoing things that are all about one member as lines of the list."""
    return [_row(request, each, member.display_name) for each in found]


def rows_of(request: AdminRequest, found: list[Shown]) -> list[Row]:
    """Returns outgoing things as lines of the list, with the names of those they are about."""
    ids = {each.member_id for each in found if each.member_id}
    names = {row.pk: row.display_name for row in Member.objects.filter(pk__in=ids)}
    return [_row(request, each, names.get(each.member_id or 0, "")) for each in found]


def _row(request: AdminRequest, it: Shown, member: str = "") -> Row:
    number = it.id.removeprefix(MARK)
    url = link(request, "delivery", int(number)) if it.id.startswith(MARK) else link(request, "code", it.id)
    return Row(it, str(it.state.label), TONES.get(it.state, "neutral"), url, member)


def lines_of(*, now: datetime) -> list[LineView]:
    """Returns how each family stands that has something open, in the order of the table of subscriptions."""
    found, known = queries.lines(now=now), families()
    return [
        LineView(name, known[name].label if name in known else name.capitalize(), line, _open(line), *_lag(line))
        for name, line in sorted(found.items(), key=lambda each: list(known).index(each[0]) if each[0] in known else 99)
    ]


def _open(line: Line) -> list[Open]:
    every = [
        Open("pending", line.waiting, "waiting"),
        Open("dead", line.dead, "failed"),
        Open("unknown", line.unknown, "unclear"),
    ]
    return [each for each in every if each.count]


def _lag(line: Line) -> tuple[str, str]:
    """How far a family is behind, in words, and how that is shown."""
    if line.lag < ON_TIME:
        return _("On time"), "success"
    minutes = int(line.lag.total_seconds() // 60)
    said = (
        _("%(minutes)s min") % {"minutes": minutes}
        if minutes < 120
        else _("%(minutes_60)s hours") % {"minutes_60": minutes // 60}
    )
    said = said if minutes < 2880 else _("%(minutes_1440)s days") % {"minutes_1440": minutes // 1440}
    return _("%(said)s behind") % {"said": said}, "critical" if line.lag >= LATE else "warning"


def again_of(asked: Asked) -> Again | None:
    """Returns what a press of "Send all again" would do; None where nothing is asked for that could be."""
    if not asked.wanted.to and not asked.wanted.state:
        return None
    found = queries.replayable_by_destination(asked.wanted, most=MOST + 1)
    total, known = sum(found.values()), hooks()
    if total == 0:
        return None
    said = {True: set[str](), False: set[str]()}
    for destination in found:
        said[recognises(destination)].add(label_of(destination, known))
    is_more = total > MOST
    count = f"{number(MOST)}+" if is_more else number(total)
    return Again(count, is_more, sorted(said[True]), sorted(said[False]), asked.wanted.to in queries.CODE_FAMILIES)
