"""What the Deliveries page is asked for, out of its address: every filter is there, so that a view can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from loyalty.deliveries.families import CODES, FRIENDS, families, inner_name
from loyalty.events import EventKind
from loyalty.integrations.webhooks.destinations import DESTINATION as WEBHOOK
from loyalty.outbox.filters import SYNC, Wanted
from loyalty.outbox.models import Delivery
from loyalty.programs.models import Program
from shopify_app.dashboard.asking import days, member_id_of, texts_of

NAMES = ("to", "state", "kind", "member", "from", "until", "webhook", "before")


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


def asked_of(query: Mapping[str, str], program: Program) -> Asked:
    """Reads the filters of an address; days are the shop's, and `until` is the last of them."""
    said = texts_of(query, NAMES)
    known = {"to": {*families()}, "state": {*Delivery.State.values}, "kind": {*EventKind, SYNC}}
    said |= {name: "" for name, values in known.items() if said[name] not in values}
    since, until = days(said, program)
    before = _moment(said["before"])
    said |= {"before": said["before"] if before else ""}
    if said["webhook"]:
        said["to"] = WEBHOOK
    if said["to"] in (CODES, FRIENDS):
        said["kind"] = ""
    wanted = Wanted(
        to=inner_name(f"{WEBHOOK}:{said['webhook']}") if said["webhook"] else said["to"],
        state=said["state"],
        kind=said["kind"],
        member_id=member_id_of(said["member"]) if said["member"] else None,
        since=since,
        until=until,
        ended_before=before,
    )
    return Asked({name: value for name, value in said.items() if value}, wanted)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
