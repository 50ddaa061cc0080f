"""Calling a vendor: one session, deadlines, and what each failure means (reliability facts, section 5)."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from requests import exceptions as failures
from urllib3 import exceptions as beneath

CONNECT_SECONDS = 3.05
TOTAL_SECONDS = 25.0
"""No answer takes longer, however it drips: the read timeout is per read."""
MAX_BYTES = 64 * 1024


class NothingSent(Exception):
    """The request never left: repeat it freely."""


class NoAnswer(Exception):
    """The request left and no answer came: it may have been worked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, headers and at most 64 KiB of text. A body that was cut after its status is still an answer."""

    status: int
    headers: Mapping[str, str]
    text: str


def send(method: str, url: str, *, headers: Mapping[str, str], json: Any = None) -> Answer:
    """Sends one request; never follows a redirect, never retries.

    Raises:
        NothingSent: No route, refused, no such name, a certificate that is not theirs.
        NoAnswer: Sent, and then silence.
    """
    session = requests.Session()
    session.trust_env = False  # .netrc and proxy variables must not decide where secrets go
    try:
        response = session.request(
            method, url, headers={**headers, "Connection": "close"}, json=json, allow_redirects=False, stream=True,
            timeout=(CONNECT_SECONDS, settings.ENCORE_VENDOR_READ_SECONDS),
        )  # fmt: skip
        return Answer(response.status_code, response.headers, _text(response))
    except failures.ConnectTimeout as error:
        raise NothingSent(str(error)) from error
    except failures.SSLError as error:
        certificate = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))
        raise (NothingSent if certificate else NoAnswer)(str(error)) from error
    except (failures.InvalidURL, failures.InvalidSchema, failures.MissingSchema) as error:
        raise NothingSent(str(error)) from error
    except failures.ConnectionError as error:
        unsent = (beneath.NewConnectionError, beneath.NameResolutionError)
        never_left = any(isinstance(cause, unsent) for cause in _causes(error))
        raise (NothingSent if never_left else NoAnswer)(str(error)) from error
    except failures.RequestException as error:
        raise NoAnswer(str(error)) from error
    finally:
        session.close()


def _text(response: requests.Response) -> str:
    until, parts, size = time.monotonic() + TOTAL_SECONDS, [], 0
    try:
        for part in response.iter_content(8192):
            parts.append(part)
            size += len(part)
            if size >= MAX_BYTES or time.monotonic() > until:
                break
    except failures.RequestException:
        pass  # the status is known, and it decides
    return b"".join(parts)[:MAX_BYTES].decode("utf-8", "replace")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walks everything an exception was raised from or around."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or one in seen:
            continue
        seen.append(one)
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
