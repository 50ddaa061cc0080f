"""Posting signed requests to the app, and keeping what went out and what came back.

Deliveries at once and retries that wait have daemon threads of their own, so that they never keep the process alive.
`SANDBOX_RETRY_SCALE` shortens Shopify's waits.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import requests

from sandbox.store.values import now

Result = TypeVar("Result")

MOST_KEPT = 60_000


def post(url: str, body: bytes, headers: dict[str, str], *, timeout_seconds: float) -> dict[str, Any]:
    """Send one request and describe the attempt; `status` is null when no answer came, with the reason in `error`.

    Redirects are not followed: to Shopify they are failures.
    """
    attempt: dict[str, Any] = {
        "at": now().isoformat(timespec="milliseconds"),
        "url": url,
        "request_headers": headers,
        "request_body": body.decode(),
        "status": None,
        "response_body": "",
        "response_headers": {},
        "error": "",
    }
    start = time.monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(url, data=body, headers=headers, timeout=timeout_seconds, allow_redirects=False)
        attempt |= {"status": answer.status_code, "response_body": answer.text[:MOST_KEPT]}
        attempt["response_headers"] = dict(answer.headers)
    except requests.Timeout:
        attempt["error"] = f"no answer within {timeout_seconds:g} s"
    except requests.RequestException as error:
        attempt["error"] = f"{type(error).__name__}: {error}"
    attempt["milliseconds"] = round((time.monotonic() - start) * 1000)
    return attempt


def later(task: Callable[..., Result], *arguments: Any) -> "Future[Result]":
    """Run something on a thread of its own."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(task(*arguments))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
