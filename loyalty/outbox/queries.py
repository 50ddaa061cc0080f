"""What may be asked of the outbox from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.outbox.models import Attempt, Delivery, Event, Family


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
        raise NotFound(_("Delivery '%(id)s' not found") % {"id": delivery_id})
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
    """How one family of destinations stands: what waits, what needs a person, how long the first that is due has waited.

    `next_at`: when the first of what waits is due.
    """

    waiting: int = 0
    dead: int = 0
    unknown: int = 0
    lag: timedelta = timedelta(0)
    next_at: datetime | None = None


def lines(*, now: datetime) -> dict[str, Line]:
    """Returns how each family of the programme's destinations stands, by its name; one with nothing open is left out."""
    state = Delivery.State
    open_ones = Delivery.objects.filter(state__in=[state.PENDING, state.SENDING, state.DEAD, state.UNKNOWN]).order_by()
    rows = open_ones.annotate(
        family=Family()
    ).values("family").annotate(
        waiting=Count("pk", filter=Q(state__in=[state.PENDING, state.SENDING])),
        dead=Count("pk", filter=Q(state=state.DEAD)),
        unknown=Count("pk", filter=Q(state=state.UNKNOWN)),
        next_at=Min("next_attempt_at", filter=Q(state=state.PENDING)),
    )  # fmt: skip
    return {
        row["family"]: Line(
            row["waiting"], row["dead"], row["unknown"], behind(row["next_at"], now=now), row["next_at"]
        )
        for row in rows
    }


def behind(due: datetime | None, *, now: datetime) -> timedelta:
    """Returns how long something that was due has waited; what is not due yet, or not there, has not."""
    return max(now - due, timedelta(0)) if due is not None else timedelta(0)


def lag(*, now: datetime) -> timedelta:
    """Returns how long the delivery that was due first has waited, over every shop: the outbox's health."""
    with scopes_disabled():
        waiting = Delivery.objects.filter(state=Delivery.State.PENDING).order_by("next_attempt_at")
        return behind(waiting.values_list("next_attempt_at", flat=True).first(), now=now)
