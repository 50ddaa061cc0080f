"""What a marketing platform is to Encore: one `Vendor` per folder, and what is told to it.

Adding one is a folder that ends in a `Vendor`, and a row in `vendors.py`; how is in CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from loyalty.integrations.http import Answer
from loyalty.outbox.ports import Outcome
from loyalty.windows import Window

if TYPE_CHECKING:
    from loyalty.integrations.exchange import Exchange

Properties = Mapping[str, Any]
"""By the names of the tables (`naming.py`, `profile.py`), in title case; a vendor's mapping spells them its own way."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom something is told about. `external_id` is the vendor's own number of them, where one was kept."""

    email: str | None
    shopify_customer_id: int | None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event, as every vendor is told it.

    Attributes:
        state: The profile's properties at this moment, where the vendor takes them in the same call; None is no member's.
        unique_id: Stable over every attempt; a vendor that drops copies knows them by it.
        is_history: It starts no automation, where the vendor knows the difference.
    """

    name: str
    properties: Properties
    person: Person
    state: Properties | None
    occurred_at: datetime
    unique_id: str
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What became of a batch of profiles, from its beginning; `outcome` says why the rest of it was not tried.

    Members are taken, not there (skipped), refused, or queued to be told one by one.
    """

    taken: int
    skipped: int = 0
    refused: int = 0
    queued: int = 0
    outcome: Outcome | None = None

    @property
    def handled(self) -> int:
        """How many of the batch are done with."""
        return self.taken + self.skipped + self.refused + self.queued


class Client(Protocol):
    """Speaks to one vendor. Every method returns normally when it succeeded, and raises `Ended` with what happened else."""

    def account_name(self, exchange: Exchange) -> str:
        """Tests the key; returns the account's name."""

    def tell(self, exchange: Exchange, told: Told) -> None:
        """Sends one event."""

    def mirror(self, exchange: Exchange, person: Person, state: Properties) -> None:
        """Writes one profile; a value that is None no longer applies. Where none applies, nobody is made who is not there."""

    def mirror_all(self, exchange: Exchange, people: Sequence[tuple[Person, Properties]]) -> Mirrored:
        """Writes at most `Vendor.batch` profiles at the back-fill's pace, all in one call where the vendor can."""


@dataclass(frozen=True, slots=True)
class KeyForm:
    """What the merchant reads when they connect, and how a wrong key is recognised before the vendor is asked."""

    label: str
    begins_with: str
    placeholder: str
    where: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Api:
    """How a vendor is spoken to.

    Attributes:
        url: Where its API is, without a path.
        headers: The headers of every call, by key.
        version: What its 410 would be about.
        windows: The pace of each class of calls, by the class's name, per connection.
        problem: The sentence of a refusal, out of its answer.
        patience: How long to wait after a 429, by the answer, the time, and how many there were in a row before it.
    """

    url: str
    headers: Callable[[str], Mapping[str, str]]
    version: str
    windows: Mapping[str, Sequence[Window]]
    problem: Callable[[Answer], str]
    patience: Callable[[Answer, datetime, int], timedelta]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A marketing platform.

    Attributes:
        slug: Stored with connections and, before a colon, in the names of destinations. Never changed.
        about: One sentence for the card of the Integrations page.
        needs_email: People without an address are left out.
        drops_copies: An event told twice under its id counts once there, so that one whose end nobody saw is told again.
        keeps_history: It knows history from news: examples can be shown to it without starting anything.
        batch: Members of one step of a back-fill.
    """

    slug: str
    label: str
    about: str
    key: KeyForm
    client: Client
    api: Api
    needs_email: bool = True
    drops_copies: bool = False
    keeps_history: bool = False
    batch: int = 100
