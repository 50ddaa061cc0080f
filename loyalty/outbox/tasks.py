"""What runs later in the outbox. Each task is a nudge: what to do stands in rows, and twice at once is harmless."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import connection
from django.utils import timezone

from loyalty.outbox import relay as relaying

SLICE_SECONDS = 20.0
"""How long one task goes on before it makes room; the sweep starts the next."""
AHEAD = timedelta(seconds=2)
"""How far a relay looks ahead: to the next one, which the schedule sends (config/celery.py)."""
BETWEEN = (0.0, 0.5, 1.0, 1.5)
"""Seconds after which what is due between two relays is looked for: a paced queue is due little by little."""
LANES = 2
"""Workers that one destination may occupy, so that a slow one never holds up the others."""


@shared_task
def relay(**_: Any) -> None:
    """Fans waiting events out, takes lapsed claims back, and starts a task for each destination with something due."""
    until = time.monotonic() + SLICE_SECONDS
    with _lane("relay", lanes=1) as free:
        if not free:
            return  # another relay is at it
        # Only a full batch means that more is waiting: chasing a trickle one event at a time would cost more than it tells.
        while relaying.fan_out(now=timezone.now()) == relaying.BATCH and time.monotonic() < until:
            pass
        relaying.recover_leases(now=timezone.now())
    for destination, later in relaying.due_destinations(now=timezone.now(), ahead=AHEAD).items():
        for countdown in BETWEEN if later else (0.0,):
            deliver_due.apply_async(
                kwargs={"destination": destination}, queue="delivery", retry=False, countdown=countdown
            )


@shared_task
def deliver_due(*, destination: str, **_: Any) -> None:
    """Delivers what is due to one destination, one claim at a time."""
    until = time.monotonic() + SLICE_SECONDS
    with _lane(destination) as free:
        while free and time.monotonic() < until:
            claim = relaying.claim(destination=destination, now=timezone.now())
            if claim is None:
                return
            relaying.attempt(claim=claim, now=timezone.now())


@contextmanager
def _lane(name: str, *, lanes: int = LANES) -> Iterator[bool]:
    """Takes one of the lanes of a name, by a lock that ends with the database session."""
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    with connection.cursor() as cursor:
        for lane in range(lanes):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [number, lane])
            if cursor.fetchone()[0]:
                try:
                    yield True
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [number, lane])
                return
    yield False
