"""The results of a bulk query: a file on Shopify's storage host, read from a place on as a stream, object by object.

The address is a secret of its own: no token of ours goes there. Never more is held than one object with its children.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError, Refused, UnknownOutcome

CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
CHUNK = 64 * 1024
LONGEST_LINE = 1024 * 1024  # bytes; an order's own line has a few thousand


class Gone(AdminApiError):
    """The results are there no more: they are kept for some days."""


@dataclass(slots=True)
class Found:
    """An object of the query's first connection.

    Attributes:
        children: What the connections below it hold, in their order.
        end: Where it ends in the file, in bytes: the next begins there.
    """

    node: dict[str, Any]
    children: list[dict[str, Any]] = field(default_factory=list)
    end: int = 0


def objects(url: str, *, start: int, size: int, deadline: Deadline) -> Generator[Found, None, None]:
    """Yields the objects from a place on; whoever ends before closes it. The last comes only once the file has ended where it should.

    Args:
        start: Where an object begins, in bytes; 0 is the beginning.
        size: Of the whole file, in bytes.
        deadline: When reading must have ended.

    Raises:
        Gone: The file is there no more.
        Refused: The address is none that may be asked.
        UnknownOutcome: No answer, one that broke off, or one that is not grouped lines of JSON; a later read may do.
    """
    present: Found | None = None
    for line, end in _lines(url, start=start, size=size, deadline=deadline):
        node = _parsed(line)
        parent = node.pop("__parentId", None)
        if parent is None:
            if present is not None:
                yield present
            present = Found(node)
        elif present is None or parent != present.node.get("id"):
            raise UnknownOutcome("the results are not in order")
        else:
            present.children.append(node)
        present.end = end
    if present is not None:
        yield present


def _lines(url: str, *, start: int, size: int, deadline: Deadline) -> Iterator[tuple[bytes, int]]:
    """Yields each line with the place of its end."""
    rest, end = b"", start
    for part in _parts(url, start=start, deadline=deadline) if start < size else ():
        lines = (rest + part).split(b"\n")
        rest = lines.pop()
        for line in lines:
            end += len(line) + 1
            yield line, end
        if len(rest) > LONGEST_LINE:
            raise UnknownOutcome("a line of the results is longer than any can be")
    if rest:
        end += len(rest)
        yield rest, end
    if end != size:
        raise UnknownOutcome(f"the results ended at {end} of {size} bytes")


def _parts(url: str, *, start: int, deadline: Deadline) -> Iterator[bytes]:
    """Yields the file's bytes from a place on, as they come."""
    _check(url)
    headers = {"User-Agent": "Encore/1.0", "Accept-Encoding": "identity"} | (
        {"Range": f"bytes={start}-"} if start else {}
    )
    try:
        with requests.Session() as session:
            session.trust_env = False  # .netrc would send what is none of this host's business
            with session.get(
                url,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                skipped = _to_skip(answer, start)
                while part := answer.raw.read1(CHUNK):
                    if deadline.left() < 0:
                        raise UnknownOutcome("the results did not come in time")
                    if skipped < len(part):
                        yield part[skipped:]
                    skipped = max(0, skipped - len(part))
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise UnknownOutcome(f"{type(error).__name__} while reading results") from error


def _check(url: str) -> None:
    """Refuses an address that is not on the public web by TLS, or that of the sandbox which stands in for Shopify."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname and not parts.username:
        return
    if settings.SHOPIFY_GATEWAY and f"{parts.scheme}://{parts.netloc}" == settings.SHOPIFY_GATEWAY:
        return
    raise Refused("results_address", "the results are not at an address that may be asked")


def _to_skip(answer: requests.Response, start: int) -> int:
    """How many bytes of an answer come before the place that was asked for.

    Raises:
        Gone, UnknownOutcome: It is none with the file in it.
    """
    if answer.status_code in (403, 404, 410):
        raise Gone(f"the results are gone: {answer.status_code}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise UnknownOutcome("the results came in an encoding that was not asked for")
    if answer.status_code == 200:
        return start
    if answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        return 0
    raise UnknownOutcome(f"the results' host answered {answer.status_code}")


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        node = json.loads(line)
    except ValueError:
        node = None
    if not isinstance(node, dict):
        raise UnknownOutcome("a line of the results is no JSON object")
    return node
