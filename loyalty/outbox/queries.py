"""What may be asked of the outbox from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.outbox.models import Attempt, Delivery, Event


def deliveries(*, state: str = "", destination: str = "", family: str = "") -> QuerySet[Delivery]:
    """Returns deliveries with their events, newest first, filtered where asked.

    Args:
        family: What the destinations' names begin with, before a colon.
    """
    found: QuerySet[Delivery] = Delivery.objects.select_related("event").order_by("-created_at", "-pk")
    if state:
        found = found.filter(state=state)
    if family:
        found = found.filter(destination__startswith=f"{family}:")
    return found.filter(destination=destination) if destination else found


def delivery(*, delivery_id: int) -> Delivery:
    """Returns one delivery.

    Raises:
        NotFound: No such delivery in this programme.
    """
    found: Delivery | None = Delivery.objects.select_related("event").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound(f"Delivery '{delivery_id}' not found")
    return found


def untold(*, destination: str, kind: EventKind, since: datetime, until: datetime) -> QuerySet[Event]:
    """Returns the events of a kind in a span that a destination was never told of and nobody is about to tell, oldest first."""
    told = Delivery.objects.filter(event=OuterRef("pk"), destination=destination)
    events = Event.objects.filter(
        kind=kind, occurred_at__gte=since, occurred_at__lte=until, fanned_out_at__isnull=False
    )
    found: QuerySet[Event] = events.filter(~Exists(told)).order_by("occurred_at", "pk")
    return found


def attempts(*, delivery_id: int) -> QuerySet[Attempt]:
    """Returns the attempts at a delivery that are still kept, newest first."""
    found: QuerySet[Attempt] = Attempt.objects.filter(delivery_id=delivery_id).order_by("-at", "-pk")
    return found


def count_by_state() -> dict[str, int]:
    """Returns how many deliveries stand in each state."""
    rows = Delivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)
