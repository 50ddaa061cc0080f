"""What runs later in earning: points whose time of waiting is over, and logged calls whose time is up."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.earning import operations
from loyalty.earning.models import Award


@shared_task
def approve_due(**_: Any) -> None:
    """Makes pending points spendable in every shop where some are due. Safe to run twice at once."""
    now = timezone.now()
    with scopes_disabled():
        due = Award.objects.filter(status=Award.Status.PENDING, due_at__lte=now, entry_id__isnull=False)
        programs = list(due.values_list("program_id", flat=True).distinct())
    for program_id in programs:
        with scope(program=program_id):
            while operations.approve_due(now=now) == operations.APPROVAL_BATCH:
                pass


@shared_task
def drop_old_calls(**_: Any) -> None:
    """Forgets logged calls that are old enough. Safe to run twice at once."""
    operations.drop_old_calls(now=timezone.now())
