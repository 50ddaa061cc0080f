"""The calls of one delivery to a vendor, paced, and what each answer means.

Source: marketing-platforms facts, section 5. A 429 and every other 4xx was not worked; a 5xx or silence may have been: it
is repeated only where a second copy does no harm.
"""

from __future__ import annotations

import json
import logging
import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings

from loyalty import windows
from loyalty.integrations.http import Answer, NoAnswer, NothingSent, send
from loyalty.integrations.vendor import Vendor
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry, Unknown, Waits
from loyalty.windows import Window

_log = logging.getLogger(__name__)


class Ended(Exception):
    """An exchange is over before its end, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.error)
        self.outcome = outcome


class Exchange:
    """What is said to a vendor in one attempt, under one key.

    Args:
        whose: Whose pace it is: unique per connection; None is not paced (a merchant waits for it).
        throttled_in_row: How many attempts before this one were answered with 429.
    """

    def __init__(
        self, vendor: Vendor, *, key: str, whose: int | None, now: datetime, throttled_in_row: int = 0
    ) -> None:
        self.vendor, self.now = vendor, now
        self._api = vendor.api
        self._key, self._whose, self._throttled = key, whose, throttled_in_row
        self._said: dict[str, Any] = {}
        self._room = 0

    def ask(
        self, method: str, path: str, *, pace: str, body: Any = None, is_repeatable: bool = True,
        also: Sequence[int] = (),
    ) -> Answer:  # fmt: skip
        """Makes one call and returns its answer: a 2xx, or a status of `also` that the caller knows what to do with.

        Args:
            pace: The class of the call, among `Api.windows`.
            is_repeatable: A second copy does no harm.

        Raises:
            Ended: It was not made for there is no place for it yet, or it failed.
        """
        if self._room:
            self._room -= 1
        else:
            self._take(pace, 1)
        url = f"{url_of(self.vendor)}{path}"
        self._said = {"request": {"method": method, "url": url, **({"body": body} if body is not None else {})}}
        label = self.vendor.label
        try:
            answer = send(method, url, headers=self._api.headers(self._key), json=body)
        except NothingSent as error:
            raise self._ended(Retry, f"{label} could not be reached: {error}"[:500]) from error
        except NoAnswer as error:
            raise self._ended(Retry if is_repeatable else Unknown, f"No answer: {error}"[:500]) from error
        self._said |= {"status": answer.status, "response": answer.text}
        if 200 <= answer.status < 300 or answer.status in also:
            return answer
        raise self._refused(answer, is_repeatable=is_repeatable)

    @contextmanager
    def room_for(self, calls: int, *, pace: str) -> Iterator[None]:
        """Takes the places of several calls at once: what was begun is not stopped half-way, and what is not used goes back.

        Raises:
            Ended: There is no room for so many yet; nothing was sent.
        """
        self._take(pace, calls)
        self._room = calls
        try:
            yield
        finally:
            used, self._room = calls - self._room, 0
            left = min(calls, *(window.limit for window in self._windows(pace))) - used
            if left > 0 and self._whose is not None:
                windows.give_back(self._name(pace), self._windows(pace), places=left)

    def done(self) -> Done:
        """Returns the outcome of an exchange whose last call succeeded."""
        return Done(**self._said)

    def _ended(self, kind: type[Outcome], error: str, **more: Any) -> Ended:
        return Ended(kind(error=error, **self._said, **more))

    def _refused(self, answer: Answer, *, is_repeatable: bool) -> Ended:
        label = self.vendor.label
        if answer.status == 429:
            wait = self._api.patience(answer, self.now, self._throttled)
            return self._ended(Waits, f"{label} asks for patience", after=wait)
        if answer.status in (401, 403):
            return self._ended(Paused, f"{label} does not accept the key")
        if answer.status == 410:
            _log.error("%s has retired version %s: nothing is sent to it any more", label, self._api.version)
            return self._ended(Paused, f"{label} has retired version {self._api.version} of its API")
        if answer.status >= 500:
            return self._ended(Retry if is_repeatable else Unknown, f"{label} answered {answer.status}")
        return self._ended(Dead, f"{label} refused: {self._api.problem(answer)}".strip()[:500])

    def _take(self, pace: str, places: int) -> None:
        if self._whose is None:
            return
        room = self._windows(pace)
        verdict = windows.take(self._name(pace), room, places=places)
        if not verdict.allowed:
            every = max(timedelta(milliseconds=each.milliseconds) / each.limit for each in room)
            raise Ended(Waits(error=f"At {self.vendor.label}'s pace", after=verdict.wait, every=every))

    def _name(self, pace: str) -> str:
        return f"{self.vendor.slug}:{self._whose}:{pace}"

    def _windows(self, pace: str) -> list[Window]:
        scale = settings.ENCORE_DELIVERY_PACE
        return [Window(max(1, round(each.limit * scale)), each.milliseconds) for each in self._api.windows[pace]]


def url_of(vendor: Vendor) -> str:
    """Returns where a vendor's API is, without a path: its own, or its stand-in's in demo and tests."""
    stand_ins: str = settings.ENCORE_VENDORS_URL
    return f"{stand_ins.rstrip('/')}/{vendor.slug}" if stand_ins else vendor.api.url


def retry_after(answer: Answer, now: datetime, otherwise: timedelta) -> timedelta:
    """Reads `Retry-After` as seconds or as a date, clamped to 1–3,600 s; `otherwise` when it says nothing usable."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return otherwise
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return clamped(seconds, otherwise)


def clamped(seconds: float, otherwise: timedelta) -> timedelta:
    """Returns a wait within 1–3,600 s."""
    return otherwise if math.isnan(seconds) else timedelta(seconds=min(max(seconds, 1.0), 3600.0))


def doubling(in_row: int) -> timedelta:
    """Returns a wait after a 429 that says nothing of how long: a second, doubled for each before it up to 60 s, ± 20 %."""
    seconds = min(2.0 ** min(in_row, 6), 60.0)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  # no secret


def body_of(answer: Answer) -> Any:
    """Returns an answer's JSON; an empty object where there is none, or it was cut."""
    try:
        found = json.loads(answer.text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
