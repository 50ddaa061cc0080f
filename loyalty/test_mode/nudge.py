"""Waking a task of this noun after the commit. A nudge that is lost costs time only: the sweep finds the open run."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

_log = logging.getLogger(__name__)


def nudge(task: str) -> None:
    """Wakes `loyalty.test_mode.tasks.<task>` once the present transaction has committed."""
    transaction.on_commit(partial(_send, f"loyalty.test_mode.tasks.{task}"), robust=True)


def _send(task: str) -> None:
    try:
        current_app.send_task(task, queue="maintenance", retry=False)  # by name: the tasks import what calls this
    except Exception:  # any broker fault: the run is safe in its row
        _log.warning("the broker could not be reached; the sweep will begin what was asked for", exc_info=True)
