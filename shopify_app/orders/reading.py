"""Reading the results of the nightly query: each order that is newer than what we have goes the way of a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError

from loyalty.members.ports import ShopUnreachable
from loyalty.orders.models import Order
from loyalty.programs.models import Program
from shopify_app.admin_api.deadline import Deadline
from shopify_app.bulk.results import Found, objects
from shopify_app.orders.amounts import Unreadable, number, several
from shopify_app.orders.intake import take_order
from shopify_app.orders.order_answer import payload_of
from shopify_app.orders.order_payload import instant, order_from
from shopify_app.orders.refund_payload import refund_from

SECONDS, DEADLINE_SECONDS = 15.0, 30.0
"""How long a step goes on to another order, and when it breaks off what does not come: a task's time is limited."""
NO_FAULT_OF_ITS = (ShopUnreachable, OperationalError, InterfaceError)
"""What keeps an order from being taken in now: the shop it asks, or the database."""
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reading:
    """One step through the results; what it has done stands even when it breaks off.

    Attributes:
        offset: Where the next order begins, in bytes.
        counts: Orders read, those taken in, and those that could not be.
    """

    program: Program
    now: datetime
    offset: int
    counts: dict[str, int] = field(default_factory=lambda: {"orders": 0, "taken_in": 0, "failed": 0})

    def read(self, url: str, size: int) -> bool:
        """Reads on until the end (True) or until the step's time is over.

        Raises:
            Gone, Refused, UnknownOutcome: See `bulk.results.objects`.
            ShopUnreachable, OperationalError, InterfaceError: An order needs the shop or the database; it is read again.
        """
        until = Deadline.after(SECONDS)
        found = objects(url, start=self.offset, size=size, deadline=Deadline.after(DEADLINE_SECONDS))
        for each in found:
            self._take(each)
            self.offset = each.end
            if until.left() <= 0:
                found.close()
                return False
        return True

    def _take(self, found: Found) -> None:
        """Takes one order in if it is newer than ours. One that cannot be holds no other up; it is seen the next night."""
        self.counts["orders"] += 1
        try:
            self.counts["taken_in"] += self._taken_in(found)
        except NO_FAULT_OF_ITS:
            self.counts["orders"] -= 1
            raise
        except Exception:
            log.exception(
                "an order could not be taken in", shop=self.program.shopify_domain, order=found.node.get("id")
            )
            self.counts["failed"] += 1

    def _taken_in(self, found: Found) -> bool:
        if not _is_older_here(found.node):
            return False
        payload = payload_of(found.node, found.children)
        told = order_from(payload)
        refunds = [refund_from(each, currency=told.currency) for each in several(payload, "refunds")]
        take_order(program=self.program, told=told, refunds=refunds, now=self.now, email=found.node["email"])
        return True


def _is_older_here(node: Mapping[str, Any]) -> bool:
    """Whether we have nothing, or something older, of an order."""
    changed_at, order_id = instant(node["updatedAt"]), number(str(node["id"]).rpartition("/")[2])
    if changed_at is None or order_id is None:
        raise Unreadable("not an order")
    known = Order.objects.filter(shopify_order_id=order_id).values_list("shopify_updated_at", flat=True).first()
    return known is None or known < changed_at
