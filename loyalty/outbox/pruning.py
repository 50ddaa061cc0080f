"""What the outbox forgets: news that was told long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_scopes import scopes_disabled

from loyalty.outbox.models import Attempt, Delivery, Event

LOG_KEPT = timedelta(days=30)
"""How long each attempt is kept."""
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
        Attempt.objects.filter(at__lt=now - LOG_KEPT).delete()
        finished = Delivery.objects.filter(finished_at__lt=before)
        told = finished.filter(state__in=[Delivery.State.DONE, Delivery.State.SKIPPED])
        deliveries, _ = told.delete()
        finished.filter(state=Delivery.State.DEAD).update(last_request=None, last_response="", body=None)
        events, _ = Event.objects.filter(occurred_at__lt=before, fanned_out_at__isnull=False, deliveries=None).delete()
    return deliveries, events
