"""What may be asked of skips from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from loyalty.skips.models import Skip


def skips(*, state: str = "") -> QuerySet[Skip]:
    """Returns the skips of the programme in scope, newest first, with their members; of one state where it is given."""
    found: QuerySet[Skip] = Skip.objects.select_related("member").order_by("-created_at", "-pk")
    return found.filter(state=state) if state else found


def waiting_count() -> int:
    """Returns how many wait to be decided."""
    return int(Skip.objects.filter(state=Skip.State.WAITING).count())


def waiting_after(*, after: int, limit: int) -> list[int]:
    """Returns our numbers of the next that wait, in the order in which they were kept."""
    waiting = Skip.objects.filter(state=Skip.State.WAITING, pk__gt=after).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def count_of(*, member_id: int, rule_id: int, since: datetime | None) -> int:
    """Returns how many awards of a rule wait for a member that happened at or after `since` (None: ever)."""
    found = Skip.objects.filter(member_id=member_id, state=Skip.State.WAITING, facts__rule_number=rule_id)
    return int((found.filter(occurred_at__gte=since) if since is not None else found).count())
