"""What the Deliveries page is asked for, out of its address: every filter is there, so that a view can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import QueryDict

from loyalty.deliveries.families import CODES, FRIENDS, families, inner_name
from loyalty.events import EventKind
from loyalty.integrations.webhooks.destinations import DESTINATION as WEBHOOK
from loyalty.members import queries as members
from loyalty.members.errors import CustomerNotFound
from loyalty.outbox.filters import SYNC, Wanted
from loyalty.outbox.models import Delivery
from loyalty.programs.calendar import midnight
from loyalty.programs.models import Program

NAMES = ("to", "state", "kind", "member", "from", "until", "webhook", "before")
NOBODY = 0
"""The number of no member: who asks for somebody that is not there finds nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the texts as they stand in the form, and what they mean.

    Attributes:
        said: The filters that are set, by their names in the address; a word that means nothing is left out.
    """

    said: dict[str, str]
    wanted: Wanted

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for in particular."""
        return bool(self.said)


def asked_of(query: QueryDict, program: Program) -> Asked:
    """Reads the filters of an address; days are the shop's, and `until` is the last of them."""
    said = {name: query.get(name, "").replace("\x00", "").strip()[:254] for name in NAMES}
    known = {"to": {*families()}, "state": {*Delivery.State.values}, "kind": {*EventKind, SYNC}}
    said |= {name: "" for name, values in known.items() if said[name] not in values}
    since, until = _day(said["from"]), _day(said["until"])
    before = _moment(said["before"])
    said |= {"from": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    said |= {"before": said["before"] if before else ""}
    if said["webhook"]:
        said["to"] = WEBHOOK
    if said["to"] in (CODES, FRIENDS):
        said["kind"] = ""
    wanted = Wanted(
        to=inner_name(f"{WEBHOOK}:{said['webhook']}") if said["webhook"] else said["to"],
        state=said["state"],
        kind=said["kind"],
        member_id=_member(said["member"]) if said["member"] else None,
        since=midnight(since, zone=program.zone) if since else None,
        until=midnight(until + timedelta(days=1), zone=program.zone) if until else None,
        ended_before=before,
    )
    return Asked({name: value for name, value in said.items() if value}, wanted)


def _member(text: str) -> int:
    """The number of a member by e-mail address or Shopify id; pages link by `#` and our own number."""
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit():
        return int(text[1:19])
    try:
        return int(members.member(identifier=text).pk)
    except CustomerNotFound:
        return NOBODY


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
