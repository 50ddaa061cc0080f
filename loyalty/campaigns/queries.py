"""What may be asked of campaigns from outside."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from loyalty.campaigns.models import Campaign
from loyalty.errors import NotFound


class Standing(StrEnum):
    """Where a campaign stands."""

    OFF = "Off"
    SCHEDULED = "Scheduled"
    RUNNING = "Running"
    SPENT = "Budget spent"
    ENDED = "Ended"


def campaigns() -> QuerySet[Campaign]:
    """Returns every campaign of the programme in scope with its modifiers, the latest start first."""
    found: QuerySet[Campaign] = Campaign.objects.prefetch_related("modifiers").order_by("-starts_at", "-pk")
    return found


def campaign(*, public_id: str) -> Campaign:
    """Returns one campaign.

    Raises:
        NotFound: No such campaign.
    """
    found = campaigns().filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"Campaign '{public_id}' not found")
    return found


def standing(campaign: Campaign, *, now: datetime) -> Standing:
    """Returns where a campaign stands at an instant."""
    if not campaign.is_active:
        return Standing.OFF
    if campaign.ends_at is not None and campaign.ends_at <= now:
        return Standing.ENDED
    if campaign.starts_at > now:
        return Standing.SCHEDULED
    is_spent = campaign.budget_points is not None and campaign.spent_points >= campaign.budget_points
    return Standing.SPENT if is_spent else Standing.RUNNING
