"""Telling a subscription again: one delivery, or everything since a date that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound
from loyalty.integrations.webhooks.destinations import DESTINATION, destination_of
from loyalty.integrations.webhooks.mapping import EVENTS
from loyalty.integrations.webhooks.queries import subscription
from loyalty.outbox import operations as outbox
from loyalty.outbox import queries as told
from loyalty.outbox.models import Delivery

MOST = 10_000
"""Events one call puts on their way; a caller with more asks again, for what is on its way is not put there twice."""


class DeliveryNotFound(NotFound):
    """No such delivery of a webhook here."""

    def __init__(self, delivery_id: object) -> None:
        super().__init__(_("Webhook delivery '%(delivery_id)s' not found") % {"delivery_id": delivery_id})


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many deliveries are on their way again, and whether there are more to ask for."""

    queued: int
    has_more: bool


def replay(*, delivery_id: int, now: datetime) -> Delivery:
    """Sends one delivery again, with the same body and event id, whatever came of it before.

    Raises:
        DeliveryNotFound: No such delivery, or it is no webhook's.
    """
    found = told.deliveries(family=DESTINATION).filter(pk=delivery_id).first()
    if found is None:
        raise DeliveryNotFound(delivery_id)
    outbox.send_again(delivery_id=delivery_id, now=now)
    found.refresh_from_db()
    return found


@transaction.atomic
def replay_since(*, public_id: str, since: datetime, now: datetime, also_delivered: bool = False) -> Replayed:
    """Sends what a subscription hears and has missed since a date: what failed, and what happened while it was off or not there.

    Args:
        also_delivered: What arrived is sent again too, for a receiver that has lost it.

    Raises:
        SubscriptionNotFound: No such subscription.
        InvalidField: It is off, or the date lies ahead.
    """
    row = subscription(public_id=public_id)
    if since > now:
        raise InvalidField("since", _("since must not be in the future"))
    if not row.is_active:
        raise InvalidField("since", _("The subscription is switched off: switch it on first"))
    queued, has_more = 0, False
    for name in row.events:
        destination, heard = destination_of(row.pk, name), EVENTS[name]
        missed = told.deliveries(destination=destination).filter(event__occurred_at__gte=since)
        if not also_delivered:
            missed = missed.exclude(state=Delivery.State.DONE)
        queued += outbox.send_all_again(rows=missed, now=now)
        untold = told.untold(destination=destination, kind=heard.kind, since=since, until=now)
        events = list(untold[:MOST])
        queued += outbox.tell(
            destination=destination, events=[each for each in events if heard.case(each.payload)], now=now
        )
        has_more = has_more or len(events) == MOST
    return Replayed(queued, has_more)
