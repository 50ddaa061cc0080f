"""One HTTP POST to a shop, with deadlines, a size limit, and every failure sorted by what it means.

The rules for `requests` and the table of its exceptions: reliability.md 5.
"""

import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident
from typing import Any

import requests
import urllib3
from django.conf import settings

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import NothingSent, UnknownOutcome

CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
DEADLINE_SECONDS = 30.0  # for the whole answer: the read timeout is per read, a dripping server would defeat it
LEAST_SECONDS = 0.05  # a time-out of 0 would be none
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes
CHUNK = 64 * 1024


@dataclass(frozen=True)
class HttpAnswer:
    """Status and body; `body` is None when it is no JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]


@lru_cache(maxsize=64)
def _session_of(process_id: int, thread_id: int) -> requests.Session:
    """One session per process and thread: a connection must be shared neither with a forked worker nor at once."""
    session = requests.Session()
    session.trust_env = False  # .netrc and proxy variables would change where tokens go
    return session


def post(
    shop_domain: str,
    path: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    read_seconds: float = READ_SECONDS,
    deadline: Deadline | None = None,
) -> HttpAnswer:
    """POST JSON to `https://{shop_domain}{path}`, or to the sandbox when SHOPIFY_GATEWAY is set.

    Args:
        shop_domain: a checked `name.myshopify.com`.
        path: begins with a slash.
        body: sent as JSON.
        headers: besides those of JSON.
        read_seconds: how long a single read may take.
        deadline: past it nothing is sent, and an answer is not waited for beyond it.

    Raises:
        NothingSent: no connection or no time, so nothing can have been done.
        UnknownOutcome: sent, but no complete answer came back.
    """
    own = Deadline.after(DEADLINE_SECONDS)
    until = own if deadline is None else min(own, deadline, key=Deadline.left)
    until.check()
    most = max(until.left(), LEAST_SECONDS)
    url = f"{settings.SHOPIFY_GATEWAY or f'https://{shop_domain}'}{path}"
    sent = {"Host": shop_domain, "Accept": "application/json", "User-Agent": "Encore/1.0", **headers}
    try:
        with _session_of(os.getpid(), get_ident()).post(
            url,
            json=body,
            headers=sent,
            timeout=(min(CONNECT_SECONDS, most), min(read_seconds, most)),
            allow_redirects=False,
            stream=True,
        ) as answer:
            raw = _read(answer, until)
            return HttpAnswer(answer.status_code, _parsed(raw), answer.headers)
    except requests.RequestException as error:
        raise (NothingSent if was_never_sent(error) else UnknownOutcome)(type(error).__name__) from error
    except urllib3.exceptions.HTTPError as error:  # while reading the streamed body
        raise UnknownOutcome(type(error).__name__) from error


def was_never_sent(error: requests.RequestException) -> bool:
    """Whether the request cannot have reached the other side."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    chain = list(causes(error))
    if isinstance(error, requests.exceptions.SSLError):
        return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain)
    unreachable = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.NameResolutionError)
    if isinstance(error, requests.exceptions.ConnectionError):
        return any(isinstance(cause, unreachable) for cause in chain)
    return isinstance(error, ValueError)  # InvalidURL, MissingSchema and their like: our own data


def causes(error: BaseException) -> list[BaseException]:
    """The error and everything beneath it, through `__cause__`, `__context__`, arguments and urllib3's `reason`."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.append(each)
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        waiting.extend(item for item in inner if isinstance(item, BaseException))
    return found


def _read(answer: requests.Response, until: Deadline) -> bytes:
    parts, size = [], 0
    for part in answer.iter_content(CHUNK):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise UnknownOutcome("Shopify's answer is larger than any of ours can be")
        if until.left() < 0:
            raise UnknownOutcome("Shopify's answer did not end in time")
    return b"".join(parts)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
