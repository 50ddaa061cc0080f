"""What runs later in the ledger: points that reached their end."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.ledger import operations
from loyalty.ledger.models import Lot
from loyalty.ledger.operations.expiry import BATCH


@shared_task
def expire_due(**_: Any) -> None:
    """Expires due points in every shop that has some. Safe to run twice at once."""
    now = timezone.now()
    with scopes_disabled():
        due = Lot.objects.filter(state=Lot.State.AVAILABLE, remaining__gt=0, expires_at__lte=now)
        programs = list(due.values_list("program_id", flat=True).distinct())
    for program_id in programs:
        with scope(program=program_id):
            while operations.expire_due(now=now) == BATCH:
                pass
