"""Which deliveries: what a page or a caller asks for, and the set it stands for. Each filter has its index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from loyalty.outbox.models import Delivery, Family

SYNC = "sync"
"""What a delivery without an event is about: a state as it is at the moment of sending."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries; what is empty is not asked.

    Attributes:
        to: A family of destinations (`klaviyo`), a part of one before a colon (`webhook:12`), or a destination's whole name.
        kind: What happened, or `SYNC`.
        since, until: When it was made: from the first on, before the second.
        ended_before: It came to its end before this: what was sent again since is left out.
    """

    to: str = ""
    state: str = ""
    kind: str = ""
    member_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended_before: datetime | None = None


def wanted_deliveries(wanted: Wanted) -> QuerySet[Delivery]:
    """Returns the deliveries somebody asks for, with their events, newest first."""
    found: QuerySet[Delivery] = Delivery.objects.select_related("event").order_by("-created_at", "-pk")
    if wanted.to:
        family, _, rest = wanted.to.partition(":")
        found = found.alias(family=Family()).filter(family=family)
        if rest:
            found = found.filter(Q(destination=wanted.to) | Q(destination__startswith=f"{wanted.to}:"))
    if wanted.kind:
        found = found.filter(event=None) if wanted.kind == SYNC else found.filter(subject=wanted.kind)
    exact = {"state": wanted.state, "member_id": wanted.member_id}
    spans = {
        "created_at__gte": wanted.since, "created_at__lt": wanted.until, "finished_at__lt": wanted.ended_before,
    }  # fmt: skip
    return found.filter(**{name: value for name, value in (exact | spans).items() if value not in (None, "")})
