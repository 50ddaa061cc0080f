"""What the outbox forgets: news that was told long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_scopes import scopes_disabled

from loyalty.outbox.models import Delivery, Event

KEPT = timedelta(days=90)
"""How long a finished delivery keeps what was sent and answered, and an event its row."""


def prune(*, now: datetime) -> tuple[int, int]:
    """Deletes deliveries that arrived or were skipped, the bodies of those that failed, and events nothing refers to.

    A failed delivery keeps its event, so that it can still be sent again; one whose end nobody knows is left to a person.

    Returns:
        How many deliveries and how many events were deleted.
    """
    before = now - KEPT
    with scopes_disabled():
        finished = Delivery.objects.filter(finished_at__lt=before)
        told = finished.filter(state__in=[Delivery.State.DONE, Delivery.State.SKIPPED])
        deliveries, _ = told.delete()
        finished.filter(state=Delivery.State.DEAD).update(last_request=None, last_response="")
        events, _ = Event.objects.filter(occurred_at__lt=before, fanned_out_at__isnull=False, deliveries=None).delete()
    return deliveries, events
