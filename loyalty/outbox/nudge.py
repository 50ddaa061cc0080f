"""Waking the relay after a commit. A nudge that is lost costs latency only: the sweep finds what was not sent."""

from __future__ import annotations

import threading
import time

from django.db import transaction

from loyalty.nudging import nudge

QUIET_SECONDS = 0.5
"""A process nudges at most this often; what comes within it is swept a second later at the latest."""

_last = threading.local()


def nudge_relay() -> None:
    """Wakes the relay once the present transaction has committed (at once when there is none)."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    now = time.monotonic()
    if now - getattr(_last, "at", float("-inf")) < QUIET_SECONDS:
        return
    _last.at = now
    nudge("loyalty.outbox.tasks.relay", queue="delivery")
