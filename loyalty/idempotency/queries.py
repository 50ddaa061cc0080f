"""What may be asked of stored answers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from loyalty.idempotency.models import Record


def answers_since(*, scope: str, since: datetime) -> QuerySet[Record]:
    """Returns the answers kept at or after a moment in the programme in scope, oldest first."""
    found: QuerySet[Record] = Record.objects.filter(scope=scope, created_at__gte=since).order_by("pk")
    return found
