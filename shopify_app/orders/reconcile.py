"""Every night: orders whose webhooks were missed. The shop tells of all that changed, and what we have older is taken in.

Shopify promises neither that a webhook comes nor in which order; what is read here goes the way of a delivery. The shop
collects the orders by itself (a bulk query), so that a run is steps with rests between them: begin, ask whether it is
done, read a part of the results. Each may be repeated, and a worker may die between any two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog

from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step
from shopify_app.admin_api.errors import AdminApiError, NothingSent, Refused, UnknownOutcome
from shopify_app.bulk import operations as bulk
from shopify_app.bulk.results import Gone
from shopify_app.orders.reading import NO_FAULT_OF_ITS, Reading
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import NeedsReauth
from shopify_app.shops.queries import installed_shop

NAME = "reconcile-orders"
LOOKED_BACK = timedelta(days=3)
"""How far back each night looks: a few nights may fail."""
PATIENCE = timedelta(hours=12)
"""How long a run goes on, so that the next night begins its own."""
POLLED, TROUBLED = timedelta(seconds=30), timedelta(minutes=5)
"""How long a run rests before it asks again: while the shop works, and after something went wrong."""
MOST_TROUBLES = 12
BUDGET = timedelta(seconds=30)
"""For how long a task begins another step: one may take as long, and a task's time is limited."""
TROUBLES = (NothingSent, UnknownOutcome, Gone, *NO_FAULT_OF_ITS)
log = structlog.get_logger(__name__)


class Lost(AdminApiError):
    """The shop did not bring the query to its end; another may be begun."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run is, as its cursor keeps it.

    Attributes:
        since: Orders that changed from here on are asked for; it also tells this run's query from all others.
        operation: The number of the bulk operation; empty before it is known to have begun.
        offset: Of its results, how many bytes are read.
        troubles: In a row.
    """

    since: datetime
    operation: str = ""
    offset: int = 0
    troubles: int = 0

    @classmethod
    def of(cls, cursor: str) -> Self:
        """Reads a cursor."""
        since, operation, offset, troubles = cursor.split("|")
        return cls(datetime.fromisoformat(since), operation, int(offset), int(troubles))

    def text(self) -> str:
        """Writes the cursor."""
        return f"{self.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}|{self.operation}|{self.offset}|{self.troubles}"

    def anew(self) -> Self:
        """Before another query is begun: its text differs, so that what came of the last one is not found again."""
        return replace(self, since=self.since - timedelta(seconds=1), operation="", offset=0)


def reconcile_some(program: Program, cursor: str, now: datetime) -> Step:
    """Does the next step of a run.

    Args:
        cursor: Empty at the beginning; then what the step before gave.

    Raises:
        AdminApiError: The shop can't be asked, or not for long; the run of this night has failed, the next one looks back.
    """
    shop = installed_shop(program.shopify_domain)
    if shop is None:
        return Step(None)
    if not cursor:  # kept before anything is begun: whoever goes on finds it by the same text
        return Step(Place(now - LOOKED_BACK).text(), {"orders": 0, "taken_in": 0, "failed": 0})
    place = Place.of(cursor)
    if now - place.since > LOOKED_BACK + PATIENCE:
        raise Lost(f"the shop did not bring the query to its end within {PATIENCE}")
    try:
        return _go_on(program, shop, place, now)
    except NeedsReauth:
        raise
    except (Lost, *TROUBLES) as trouble:
        if place.troubles >= MOST_TROUBLES:
            raise
        log.warning("reconciling orders has to wait", shop=shop.domain, reason=f"{type(trouble).__name__}: {trouble}")
        following = place.anew() if isinstance(trouble, Lost | Gone) else place
        return Step(replace(following, troubles=place.troubles + 1).text(), rests_until=now + TROUBLED)


def _go_on(program: Program, shop: Shop, place: Place, now: datetime) -> Step:
    """Begins the query, waits for it, or reads on in its results."""
    if not place.operation:
        text = bulk.text_of("ChangedOrders", SINCE=place.text().partition("|")[0])
        operation = bulk.find(shop, text) or bulk.start(shop, text)
        return Step(replace(place, operation=operation.number).text(), rests_until=now + POLLED)
    found = bulk.look(shop, place.operation)
    if found is not None and found.status in bulk.UNDER_WAY:
        return Step(replace(place, troubles=0).text(), rests_until=now + POLLED)
    if found is not None and found.error_code == "ACCESS_DENIED":
        raise Refused("ACCESS_DENIED", "the app may not read orders in this shop")
    if found is None or found.status != bulk.COMPLETED:
        raise Lost(f"the query ended as {found.status if found else 'unknown'}: {found.error_code if found else None}")
    if found.url is None:
        return Step(None)
    reading = Reading(program, now, place.offset)
    try:
        is_done = reading.read(found.url, found.size)
    except TROUBLES:
        if reading.offset == place.offset:
            raise
        is_done = False  # what was read is kept, and the next step reads on
    following = replace(place, offset=reading.offset, troubles=0)
    return Step(None if is_done else following.text(), reading.counts)
