"""What may be asked of the outbox from outside."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from loyalty.errors import NotFound
from loyalty.outbox.models import Delivery


def deliveries(*, state: str = "", destination: str = "") -> QuerySet[Delivery]:
    """Returns deliveries with their events, newest first, filtered by state and destination where given."""
    found: QuerySet[Delivery] = Delivery.objects.select_related("event").order_by("-created_at", "-pk")
    if state:
        found = found.filter(state=state)
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


def count_by_state() -> dict[str, int]:
    """Returns how many deliveries stand in each state."""
    rows = Delivery.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)
