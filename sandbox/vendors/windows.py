"""Sliding rate windows, as vendors keep them."""

import math
import threading
import time
from collections import deque
from collections.abc import Sequence

Limit = tuple[int, int]  # at most this many calls in this many seconds


class Windows:
    """Counts calls; safe to use from any thread. A refused call does not count."""

    def __init__(self) -> None:
        """Begin with no calls."""
        self._calls: dict[tuple[str, ...], deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, name: tuple[str, ...], limits: Sequence[Limit]) -> tuple[int, int]:
        """Count a call. Gives the whole seconds to wait (0: it counts) and what is left of the first limit."""
        moment = time.monotonic()
        longest = max(seconds for _, seconds in limits)
        with self._lock:
            calls = self._calls.setdefault(name, deque())
            while calls and calls[0] <= moment - longest:
                calls.popleft()
            wait, left = 0.0, 0
            for place, (most, seconds) in enumerate(limits):
                inside = sum(1 for at in calls if at > moment - seconds) if seconds < longest else len(calls)
                if inside >= most:
                    wait = max(wait, calls[-most] + seconds - moment)
                if place == 0:
                    left = max(0, most - inside - 1)
            if wait:
                return max(1, math.ceil(wait)), 0
            calls.append(moment)
            return 0, left

    def forget(self) -> None:
        """Begin again with no calls."""
        with self._lock:
            self._calls.clear()
