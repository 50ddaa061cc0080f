"""A batch of 1,000 awards against single calls, both over REST on one kept-alive connection, in the same run."""

from __future__ import annotations

import statistics
import time

import requests
from django.utils import timezone
from django_scopes import scope

from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from tests.bench.shop import ACTION_KEY, FIRST_CUSTOMER, Shop

ROUNDS, SINGLES, ITEMS = 3, 300, 1000


def measure(shop: Shop, url: str) -> tuple[float, float]:
    """Returns the median milliseconds of one award sent alone, and of one in a batch."""
    program = Program.objects.get(pk=shop.program_id)
    with scope(program=program):
        _, secret = create_api_key(
            program=program, name="Bench", scope="full", now=timezone.now(), requests_per_second=1_000_000
        )
    alone, together = [], []
    with requests.Session() as session:
        session.headers["Authorization"] = secret
        for number in range(ROUNDS):
            first = FIRST_CUSTOMER + number * ITEMS
            began = time.perf_counter()
            for n in range(SINGLES):
                answer = session.post(f"{url}/v1/actions", json=_item(first + n, f"alone-{number}-{n}"), timeout=30)
                assert answer.status_code == 201, answer.text
            alone.append((time.perf_counter() - began) * 1000 / SINGLES)
            items = [_item(first + n, f"together-{number}-{n}") for n in range(ITEMS)]
            began = time.perf_counter()
            answer = session.post(f"{url}/v1/actions/batch", json={"items": items}, timeout=60)
            together.append((time.perf_counter() - began) * 1000 / ITEMS)
            assert answer.json()["meta"]["awarded"] == ITEMS, answer.text[:500]
    return statistics.median(alone), statistics.median(together)


def _item(customer: int, key: str) -> dict[str, str]:
    return {"action_key": ACTION_KEY, "customer_id": str(customer), "idempotency_key": key}
