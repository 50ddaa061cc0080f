"""What may happen to events: they are appended in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.events import EventKind
from loyalty.outbox.models import Event
from loyalty.outbox.nudge import nudge_relay


def append(
    *,
    program_id: int,
    kind: EventKind,
    member_id: int | None,
    payload: Mapping[str, Any],
    now: datetime,
    sequence: int | None = None,
) -> Event:
    """Writes one event in the caller's transaction; the relay tells others after the commit.

    Args:
        sequence: A number that rises per member (the ledger's), where there is one.
    """
    event = Event.objects.create(
        program_id=program_id, kind=kind, member_id=member_id, sequence=sequence, payload=dict(payload), occurred_at=now
    )
    nudge_relay()
    return event
