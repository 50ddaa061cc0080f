"""The rate limit: a sliding window of one second per key; a refused request takes no place in it."""

from __future__ import annotations

from loyalty import windows

SECOND_MS = 1000


def take(*, key_id: int, limit: int) -> windows.Verdict:
    """Takes one place in the key's window if there is one.

    Args:
        limit: Requests per second.
    """
    return windows.take(f"key:{key_id}", [windows.Window(limit, SECOND_MS)])
