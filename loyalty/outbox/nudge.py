"""Waking the relay after a commit. A nudge that is lost costs latency only: the sweep finds what was not sent."""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app
from django.db import transaction

QUIET_SECONDS = 0.5
"""A process nudges at most this often; what comes within it is swept a second later at the latest."""

_last = threading.local()
_log = logging.getLogger(__name__)


def nudge_relay() -> None:
    """Wakes the relay once the present transaction has committed (at once when there is none)."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    now = time.monotonic()
    if now - getattr(_last, "at", float("-inf")) < QUIET_SECONDS:
        return
    _last.at = now
    try:
        # By name: the task's module imports what lies above this one.
        current_app.send_task("loyalty.outbox.tasks.relay", queue="delivery", retry=False)
    except Exception:  # any broker fault: the event is safe in its row, and the sweep will find it
        _log.warning("the broker could not be reached; the sweep will send what waits", exc_info=True)
