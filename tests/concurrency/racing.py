"""Threads that start together, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from loyalty.errors import Refusal
from tests.a_shop import AShop


def race(shop: AShop, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every call in its own thread at one moment; a refusal is a result, anything else fails the test."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            with shop.scope():
                barrier.wait(10)
                return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def outcomes(results: Sequence[Any]) -> Counter[str]:
    """How often each kind of result came: the names of refusals, and `done`."""
    return Counter(type(each).__name__ if isinstance(each, Refusal) else "done" for each in results)
