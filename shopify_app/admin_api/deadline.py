"""The moment by which everything that belongs together must have ended, on a clock that nobody sets."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from shopify_app.admin_api.errors import NothingSent


@dataclass(frozen=True, slots=True)
class Deadline:
    """Passed along with a call: past it no request leaves, and no wait, lock or read outlasts it."""

    ends_at: float  # of time.monotonic()

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The moment so many seconds from now; one that has passed already may be asked for."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then; below 0 when it has passed."""
        return self.ends_at - time.monotonic()

    def check(self) -> None:
        """Raise `NothingSent` when it has passed."""
        if self.left() <= 0:
            raise NothingSent("the time for this call is over")
