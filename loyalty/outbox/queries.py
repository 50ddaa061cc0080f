"""What may be asked of the outbox from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, Func, Min, OuterRef, Q, QuerySet, Value

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


@dataclass(frozen=True, slots=True)
class Line:
    """How one family of destinations stands: what waits, what needs a person, and how long the first that is due has waited."""

    waiting: int = 0
    dead: int = 0
    unknown: int = 0
    lag: timedelta = timedelta(0)


def lines(*, now: datetime) -> dict[str, Line]:
    """Returns how each family of the programme's destinations stands, by its name; one with nothing open is left out."""
    state = Delivery.State
    open_ones = Delivery.objects.filter(state__in=[state.PENDING, state.SENDING, state.DEAD, state.UNKNOWN]).order_by()
    rows = open_ones.annotate(
        family=Func("destination", Value(":"), Value(1), function="split_part", output_field=CharField())
    ).values("family").annotate(
        waiting=Count("pk", filter=Q(state__in=[state.PENDING, state.SENDING])),
        dead=Count("pk", filter=Q(state=state.DEAD)),
        unknown=Count("pk", filter=Q(state=state.UNKNOWN)),
        due=Min("next_attempt_at", filter=Q(state=state.PENDING, next_attempt_at__lt=now)),
    )  # fmt: skip
    return {
        row["family"]: Line(
            row["waiting"], row["dead"], row["unknown"], now - row["due"] if row["due"] else timedelta(0)
        )
        for row in rows
    }


def count_by_state() -> dict[str, int]:
    """Returns how many deliveries stand in each state."""
    rows = Delivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)
