"""Klaviyo's rate windows: one second and one minute, per account and endpoint."""

import threading
import time
from collections import deque

BURST_AND_STEADY = {
    "events": (350, 3500),
    "profile-import": (75, 700),
    "profile-bulk-import-jobs": (10, 150),
    "accounts": (10, 150),
}


class Windows:
    """Counts calls; safe to use from any thread."""

    def __init__(self) -> None:
        """Begin with no calls."""
        self._calls: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, endpoint: str) -> tuple[int, dict[str, str]]:
        """Count a call. Gives the seconds to wait (0: go on) and the headers of a successful answer."""
        burst, steady = BURST_AND_STEADY[endpoint]
        moment = time.monotonic()
        with self._lock:
            calls = self._calls.setdefault((key, endpoint), deque())
            while calls and calls[0] <= moment - 60:
                calls.popleft()
            in_second = sum(1 for at in reversed(calls) if at > moment - 1)
            if len(calls) >= steady:
                return max(1, round(60 - (moment - calls[0]))), {}
            if in_second >= burst:
                return 1, {}
            calls.append(moment)
            left = {"RateLimit-Limit": f"{burst}, {burst};w=1, {steady};w=60", "RateLimit-Reset": "1"}
            return 0, {**left, "RateLimit-Remaining": str(burst - in_second - 1)}
