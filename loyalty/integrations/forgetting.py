"""Taking back what was written about somebody who asked to be forgotten: our properties, never the merchant's profile."""

from __future__ import annotations

from datetime import datetime

import structlog

from loyalty.integrations import queries
from loyalty.integrations.exchange import Ended, Exchange
from loyalty.integrations.models import Connection
from loyalty.integrations.profile import EMPTY
from loyalty.integrations.vendor import Person, Properties
from loyalty.integrations.vendors import VENDORS

log = structlog.get_logger(__name__)
NOTHING: Properties = dict.fromkeys(EMPTY)
"""A state in which nothing applies: a vendor clears every property of ours."""


def take_back(*, email: str | None, shopify_customer_id: int, now: datetime) -> None:
    """Clears our properties of one person at every platform the programme in scope is connected to; a repeat finds none.

    One attempt each: to try again later would mean to keep the address, which is what has to go. Deleting the merchant's own
    profile of them is the merchant's decision.
    """
    connected = {row.vendor: row for row in queries.connections().filter(state=Connection.State.ACTIVE)}
    for vendor in VENDORS:
        connection = connected.get(vendor.slug)
        if connection is None or (vendor.needs_email and not email):
            continue
        exchange = Exchange(vendor, key=connection.credential or "", whose=None, now=now)
        try:
            vendor.client.mirror(exchange, Person(email, shopify_customer_id), NOTHING)
        except Ended as ended:
            log.info("properties of a forgotten customer stay", vendor=vendor.slug, reason=type(ended.outcome).__name__)
