"""Codes that reached their end."""

from __future__ import annotations

from datetime import datetime

from loyalty.rewards.models import Redemption

CHUNK = 5_000
"""Codes that one step marks."""


def expire_codes(*, now: datetime, limit: int = CHUNK) -> int:
    """Marks codes of the programme in scope whose end has passed, and returns how many; the points stay spent.

    One statement, so a code that is used meanwhile is left alone: it is marked only while it is still active.
    """
    over = Redemption.objects.filter(state=Redemption.State.ACTIVE, expires_at__lte=now)
    page = list(over.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return int(over.filter(pk__in=page).update(state=Redemption.State.EXPIRED, updated_at=now))
