"""A cap on calls that wait for the shop: they must never take every thread of a web process.

A purchase waits up to six seconds for its code, an enrolment for the customer's name. A web process has a few threads
(config/launcher/programs.py); what waits may hold `settings.ENCORE_WAITING_CALLS` of them, and the others answer Flow,
webhooks and everything that does not wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings

from loyalty.api.v1.base import ApiRefusal

_PLACES = BoundedSemaphore(settings.ENCORE_WAITING_CALLS)


@contextmanager
def a_place() -> Iterator[None]:
    """Holds one of this process's places for calls that wait, as long as the block runs.

    Raises:
        ApiRefusal: All are taken; nothing has happened, and a retry in a second will find one.
    """
    if not _PLACES.acquire(blocking=False):
        sentence = "Too many calls are waiting for Shopify; try again in a second"
        raise ApiRefusal("try_again", sentence, {"Retry-After": "1"})
    try:
        yield
    finally:
        _PLACES.release()
