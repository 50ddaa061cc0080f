"""Instants as text, the one way in which all that others read writes them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def instant(moment: datetime) -> str: ...
@overload
def instant(moment: None) -> None: ...
@overload
def instant(moment: datetime | None) -> str | None: ...
def instant(moment: datetime | None) -> str | None:
    """Returns a moment as UTC, ISO 8601, always with three decimals and `Z`; None stays None (rest-api facts, section 2)."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
