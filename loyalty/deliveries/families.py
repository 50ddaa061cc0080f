"""To whom things go, in words: a family is what a destination's name begins with, or one of the two kinds of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext

from loyalty.integrations.webhooks import queries as webhooks
from loyalty.integrations.webhooks.destinations import DESTINATION as WEBHOOK
from loyalty.integrations.webhooks.destinations import family_of, parts_of
from loyalty.outbox.ports import subscription, subscriptions

CODES, FRIENDS = "codes", "friend-codes"
"""Families that are no destinations of the outbox: their rows are redemptions, and friends' invitations."""
USUAL_QUEUE = "events"
"""Where a vendor's events wait unless they have a queue of their own."""


@dataclass(frozen=True, slots=True)
class Family:
    """Some destinations that belong together.

    Attributes:
        recognises: A repeat is recognised there, or does no harm.
    """

    name: str
    label: str
    recognises: bool = True

    @property
    def is_code(self) -> bool:
        """Whether its rows are codes and credits, made in the shop."""
        return self.name in (CODES, FRIENDS)


@dataclass(frozen=True, slots=True)
class Hook:
    """A merchant's webhook: its public id, and the host it calls."""

    public_id: str
    host: str


def families() -> dict[str, Family]:
    """Returns every family there can be, by its name, in the order of the table of subscriptions; codes come last."""
    found: dict[str, Family] = {}
    for row in subscriptions():
        name = row.destination.partition(":")[0]
        label = gettext("Encore itself") if row.is_inside else str(row.label).partition(":")[0]
        before = found.get(name)
        recognises = row.adapter.deduplicates and (before is None or before.recognises)
        found[name] = Family(name, before.label if before else label, recognises)
    return {
        **found,
        CODES: Family(CODES, gettext("Discount codes and store credit")),
        FRIENDS: Family(FRIENDS, gettext("Friends' codes")),
    }


def hooks() -> dict[int, Hook]:
    """Returns the webhooks of the programme in scope, by our own number."""
    return {row.pk: Hook(row.public_id, urlsplit(row.url).hostname or row.url) for row in webhooks.subscriptions()}


def label_of(destination: str, known: Mapping[int, Hook]) -> str:
    """Returns what people call a destination; a webhook by its host."""
    family, _, rest = destination.partition(":")
    if family == WEBHOOK and rest:
        hook = known.get(parts_of(destination)[0])
        return gettext("Webhook: %(host)s") % {"host": hook.host} if hook else gettext("A deleted webhook")
    row = subscription(destination)
    if row is None:
        return destination.replace(":", ": ").replace("-", " ")
    if row.destination == destination or rest in ("", USUAL_QUEUE):
        return str(row.label)
    words = rest.removeprefix("loyalty-").replace("-", " ").replace("_", " ")
    return f"{str(row.label).partition(':')[0]}: {words}"


def public_name(destination: str, known: Mapping[int, Hook]) -> str:
    """Returns a destination as callers know it: a webhook by its public id."""
    if not destination.startswith(f"{WEBHOOK}:"):
        return destination
    number, name = parts_of(destination)
    hook = known.get(number)
    return f"{WEBHOOK}:{hook.public_id if hook else 'deleted'}:{name}"


def inner_name(name: str) -> str:
    """Returns a destination, or a family, as rows have it; what nobody has when a webhook is not the programme's."""
    family, _, rest = name.partition(":")
    if family != WEBHOOK or not rest:
        return name
    public_id, _, event = rest.partition(":")
    row = webhooks.subscriptions().filter(public_id=public_id).first()
    return (f"{family_of(row.pk)}:{event}" if event else family_of(row.pk)) if row else f"{WEBHOOK}:nobodys"


def recognises(destination: str) -> bool:
    """Whether a repeat is recognised at a destination, or does no harm."""
    row = subscription(destination)
    return row is None or row.adapter.deduplicates
