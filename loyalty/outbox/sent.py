"""What became of what went to a few destinations lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from loyalty.outbox.models import Delivery


@dataclass(frozen=True, slots=True)
class Sent:
    """How many deliveries arrived, how many ended otherwise and are to be looked at, and when the newest that arrived was made."""

    done: int = 0
    failed: int = 0
    last_done_at: datetime | None = None


def sent_since(*, destinations: Iterable[str], since: datetime) -> dict[str, Sent]:
    """Returns for each destination of the programme in scope what was made since; one with nothing is missing."""
    state = Delivery.State
    found = Delivery.objects.filter(destination__in=list(destinations), created_at__gte=since).order_by()
    rows = found.values("destination").annotate(
        done=Count("pk", filter=Q(state=state.DONE)),
        failed=Count("pk", filter=Q(state__in=[state.DEAD, state.UNKNOWN])),
        last=Max("created_at", filter=Q(state=state.DONE)),
    )
    return {row["destination"]: Sent(row["done"], row["failed"], row["last"]) for row in rows}
