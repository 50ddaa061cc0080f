"""What tiers refuse."""

from __future__ import annotations

from loyalty.errors import NotFound


class TierNotFound(NotFound):
    """No VIP tier of that name."""

    def __init__(self, name: str, *, meant: str | None) -> None:
        hint = f"; do you mean '{meant}'?" if meant else ""
        super().__init__(f"There is no VIP tier '{name}'{hint}")
