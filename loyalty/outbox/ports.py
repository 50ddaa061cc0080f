"""What the outbox needs of a destination, declared here and implemented above.

`config/subscriptions.py` is the one table of who hears what; the outbox finds it through the setting
`ENCORE_SUBSCRIPTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string

from loyalty.events import EventKind

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Telling:
    """One delivery, as an adapter sees it. A state sync has no event: the adapter reads the state as it is now.

    Attributes:
        destination: The destination's whole name; of a row with many it says which.
        event_id: Stable id of the event, the same on every attempt; None for a state sync.
        body: What an adapter asked to be kept of its first attempt, to be sent again to the letter.
        now: The moment of this attempt.
        is_test: A test caused it, and the programme wants others to hear of tests.
    """

    program_id: int
    member_id: int | None
    delivery_id: int
    event_id: str | None
    kind: str | None
    payload: Mapping[str, Any]
    occurred_at: datetime
    sequence: int | None
    now: datetime
    destination: str = ""
    body: str | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt, and what was said: `request` and `response` are shown to the merchant, secrets masked.

    `body` is kept for later attempts; None keeps what is there.
    """

    status: int | None = None
    error: str = ""
    request: Mapping[str, Any] | None = None
    response: str = ""
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Done(Outcome):
    """Delivered."""


@dataclass(frozen=True, slots=True)
class Skipped(Outcome):
    """There was nothing to deliver; `error` says why."""


@dataclass(frozen=True, slots=True)
class Retry(Outcome):
    """It did not arrive, or arriving twice is harmless. `after` overrides the schedule; clamped to an hour."""

    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Paused(Outcome):
    """The destination can't be used until somebody acts; the delivery waits and no attempt is used up."""

    after: timedelta = field(default=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Waits(Outcome):
    """The destination takes no more for now; no attempt is used up, and what else is due for it lines up behind.

    Attributes:
        after: Until the next may go; clamped to an hour.
        every: Between one and the next of what lines up; zero is all at once.
        together: How many of them go at the same time.
    """

    after: timedelta = field(default=timedelta(minutes=1))
    every: timedelta = timedelta(0)
    together: int = 1


@dataclass(frozen=True, slots=True)
class Dead(Outcome):
    """The destination refuses for good."""


@dataclass(frozen=True, slots=True)
class Unknown(Outcome):
    """It may have arrived, and a second copy would do harm: a person decides."""


class Adapter(Protocol):
    """Speaks to one destination."""

    deduplicates: bool
    """Whether a second copy is harmless, so that an attempt whose end nobody saw is repeated."""

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether the programme's destination is there to hear of such an event."""

    def deliver(self, telling: Telling) -> Outcome:
        """Tells, within 30 seconds in all; never raises for what the destination does."""


Listeners = Callable[[Mapping[str, Any]], Sequence[str]]
"""Which destinations of a row hear an event, by its payload."""


@runtime_checkable
class ManyDestinations(Protocol):
    """An adapter that speaks to several destinations of one programme: each has its own deliveries and its own pace."""

    def listeners(self, *, program_id: int, kind: EventKind) -> Listeners:
        """Returns who hears events of a kind in the programme in scope; asked once per batch of events."""


@runtime_checkable
class OwnPace(Protocol):
    """An adapter with a schedule of attempts of its own."""

    def delay(self, *, destination: str, attempts: int) -> timedelta | None:
        """Returns the time before the next attempt after so many; None when there is none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A row of the table: a destination, the events it hears, and the adapter that speaks to it.

    Attributes:
        destination: Stable name, shown to the merchant and stored with each delivery; of an adapter with many
            (`ManyDestinations`) what their names begin with, before a colon.
        label: What the merchant reads.
        is_inside: It is a part of Encore itself, which hears of tests as well.
        is_state: The destination mirrors a member's state: one pending sync per member, whatever happened.
        delay: Time to let changes gather before a state is sent.
    """

    destination: str
    label: _StrOrPromise
    kinds: frozenset[EventKind]
    adapter_path: str
    is_inside: bool = False
    is_state: bool = False
    delay: timedelta = timedelta(0)

    @property
    def adapter(self) -> Adapter:
        """The adapter, made once per process."""
        return _adapter(self.adapter_path)


@lru_cache
def _adapter(path: str) -> Adapter:
    adapter: Adapter = import_string(path)()
    return adapter


def subscriptions() -> tuple[Subscription, ...]:
    """Returns the whole table."""
    table: tuple[Subscription, ...] = import_string(settings.ENCORE_SUBSCRIPTIONS)
    return table


def subscription(destination: str) -> Subscription | None:
    """Returns the row of one destination; None when it has gone from the table."""
    exact = (row for row in subscriptions() if row.destination == destination)
    family = (row for row in subscriptions() if destination.startswith(f"{row.destination}:"))
    return next(exact, None) or next(family, None)
