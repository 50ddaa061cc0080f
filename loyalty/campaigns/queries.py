"""What may be asked of campaigns from outside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.campaigns.models import Campaign
from loyalty.errors import NotFound
from loyalty.orders.products import Needs


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


def in_span(*, start: datetime, end: datetime) -> QuerySet[Campaign]:
    """Returns the campaigns that have a moment in [start, end), switched on or not, the earliest first."""
    found: QuerySet[Campaign] = Campaign.objects.filter(Q(ends_at=None) | Q(ends_at__gt=start), starts_at__lt=end)
    return found.order_by("starts_at", "pk")


def campaign(*, public_id: str) -> Campaign:
    """Returns one campaign.

    Raises:
        NotFound: No such campaign.
    """
    found = campaigns().filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("Campaign '%(public_id)s' not found") % {"public_id": public_id})
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


def needs(*, rule_ids: Collection[int], at: datetime) -> Needs:
    """Returns what of products has to be known for the campaigns that change any of these rules at an instant."""
    running = Campaign.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), is_active=True, starts_at__lte=at)
    narrowed = running.exclude(collection_ids=[], product_tags=[]).filter(modifiers__earning_rule_id__in=rule_ids)
    found = Needs()
    for collections, tags in narrowed.values_list("collection_ids", "product_tags").distinct():
        found |= Needs(frozenset(collections), bool(tags))
    return found
