"""Waking a worker. What to do stands in rows: a nudge that is lost costs time only, for a sweep finds what waits."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

_log = logging.getLogger(__name__)


def nudge_after_commit(task: str, *, queue: str | None = None, **which: object) -> None:
    """Wakes a worker once the present transaction has committed (at once when there is none); see `nudge`."""
    transaction.on_commit(partial(nudge, task, queue=queue, **which), robust=True)


def nudge(task: str, *, queue: str | None = None, **which: object) -> None:
    """Wakes a worker for a task now. A broker that is away is no fault of the caller's.

    Args:
        task: The task's whole name: its module imports what calls this.
        queue: None is the usual one.
        which: What the task is to work on.
    """
    try:
        current_app.send_task(task, kwargs=which, queue=queue, retry=False)
    except Exception:  # any broker fault
        _log.warning("the broker could not be reached; the sweep will do what %s would have", task, exc_info=True)
