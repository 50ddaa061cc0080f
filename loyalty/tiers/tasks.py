"""What runs later in tiers: members whose figure and tier disagree are placed where the figure puts them."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.tiers import operations, queries
from loyalty.tiers.models import Tier


@shared_task
def requalify_sweep(**_: Any) -> None:
    """Requalifies, in every shop with tiers, the members who stand elsewhere than their figure says; each under its lock.

    Awards place a member at once; what is left for this is a ladder that was edited, and points taken back. Safe to run
    twice at once.
    """
    with scopes_disabled():
        programs = list(Tier.objects.values_list("program_id", flat=True).distinct())
    for program_id in programs:
        with scope(program=program_id):
            for member_id in queries.misplaced():
                operations.requalify(member_id=member_id, now=timezone.now())
