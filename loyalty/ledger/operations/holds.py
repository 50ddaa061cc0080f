"""Reserving points for a redemption in flight, and how a reservation ends: once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.errors import IdempotencyKeyReused
from loyalty.ledger import kernel
from loyalty.ledger.errors import HoldEnded, InsufficientPoints
from loyalty.ledger.results import Held
from loyalty.outbox.nudge import nudge_relay


def hold(*, program_id: int, account_id: int, key: str, points: int, now: datetime) -> Held:
    """Reserves points, oldest lots first, once per key. Points past their expiry are expired before anything is drawn.

    A replay returns the first hold, even if it has ended since.

    Args:
        points: Whole points, more than 0.

    Raises:
        InsufficientPoints: Fewer points are spendable; nothing changed (but what had expired is now marked so).
        IdempotencyKeyReused: The key belongs to another hold.
    """
    assert points > 0, points
    row = kernel.call("ledger_hold", [program_id, account_id, key, points, now])
    if row["outcome"] == "insufficient":
        raise InsufficientPoints(available=row["available"], asked=points)
    if row["outcome"] == "key_reused":
        raise IdempotencyKeyReused
    return Held(
        row["hold_id"], row["available"], row["held"], replayed=row["outcome"] == "replayed", is_test=row["is_test"]
    )


def capture(
    *,
    program_id: int,
    hold_id: int,
    key: str,
    source: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    event: Mapping[str, Any] | None = None,
) -> tuple[int, int]:
    """Spends the held points. A replay returns the first capture.

    Returns:
        The redemption's entry id, and the points available now.

    Raises:
        HoldEnded: The hold was released before.
    """
    row = kernel.call(
        "ledger_capture",
        [program_id, hold_id, key, source, kernel.as_json(details or {}), kernel.as_json(event), now],
    )
    if row["outcome"] == "ended":
        raise HoldEnded("released")
    if event is not None and row["outcome"] == "done":
        nudge_relay()
    return row["entry_id"], row["available"]


def release(*, program_id: int, hold_id: int, now: datetime) -> int:
    """Puts the held points back into their lots; a debt that arose meanwhile is paid first. A replay changes nothing.

    Returns:
        The points available now.

    Raises:
        HoldEnded: The hold was captured before.
    """
    row = kernel.call("ledger_release", [program_id, hold_id, now])
    if row["outcome"] == "ended":
        raise HoldEnded("captured")
    return int(row["available"])
